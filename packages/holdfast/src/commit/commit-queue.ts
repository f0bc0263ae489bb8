import { setImmediate as nextLoopTurn, setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { diagnostics } from '../event/index.ts';
import { COLLECTION, leavesTrace, type BatchResult, type LoggedCommit, type Refusal, type Store } from '../store/index.ts';
import { withParents, type EntityCell } from './entity-cell.ts';
import type { EntityRegistry } from './entity-registry.ts';
import { asLogged, formBatch, type FormedJob } from './formed-batch.ts';
import type { Job, Plan } from './job.ts';
import { isBehind, loadCell } from './load-cell.ts';
import type { LogFollower } from './log-follower.ts';
import { ObservedJob } from './observed-job.ts';
import type { StateCell } from './state-cell.ts';

/** More commits than this wait for the next batch; see docs/performance.md. */
const MAX_COMMITS = 64;
/** So long at most a lone writer's commits keep the event loop to themselves; a turn for each cost a fifth of them. */
const MAX_TURN_MS = 4;
/** How long a store whose reply was lost is asked whether the batch is there. */
const ASK_AGAIN_MS = 10_000;

/** The one queue of a store: jobs in the order of their arrival, formed into batches of which one is under way at a time. */
export class CommitQueue {
  readonly #store: Store;
  readonly #registry: EntityRegistry;
  readonly #follower: LogFollower;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #refusal: (() => Error) | undefined;
  readonly #afterCommit: (cells: readonly StateCell[]) => Promise<void>;
  #jobs: Job[] = [];
  #draining: Promise<void> | undefined;
  #conflicts = 0;
  /** When the event loop had its last turn. */
  #turnedAt = 0;

  constructor(options: {
    store: Store;
    registry: EntityRegistry;
    follower: LogFollower;
    now: () => number;
    random: () => number;
    /** Answers every job where nothing may be written. */
    refusal?: () => Error;
    /** Runs between batches, after the callers have their answer. */
    afterCommit: (cells: readonly StateCell[]) => Promise<void>;
  }) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#follower = options.follower;
    this.#now = options.now;
    this.#random = options.random;
    this.#refusal = options.refusal;
    this.#afterCommit = options.afterCommit;
  }

  submit(job: Job): void {
    if (this.#refusal) {
      job.failed(this.#refusal());
      return;
    }
    this.#jobs.push(diagnostics.commit.hasSubscribers ? new ObservedJob(job, this.#store.name) : job);
    this.#draining ??= this.#drain();
  }

  /** Resolves when every job submitted so far is settled. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // One microtask later, so that everything submitted in the same turn shares the first batch.
    await Promise.resolve();
    try {
      while (this.#jobs.length > 0) {
        const jobs = this.#jobs.splice(0, MAX_COMMITS);
        const cells = await this.#commit(await this.#prepare(jobs));
        // Whoever shared the batch gets the chance to share the next one; a lone writer goes on at once, while nobody else is kept waiting.
        if (jobs.length > 1 || performance.now() - this.#turnedAt >= MAX_TURN_MS) {
          await nextLoopTurn();
          this.#turnedAt = performance.now();
        }
        await this.#afterCommit(cells);
      }
    } finally {
      // In the same step as the last look at the jobs: whoever submits one later finds nobody at work, and begins anew.
      this.#draining = undefined;
    }
  }

  /** Looks up entities, loads stale states and answers repeated idempotency keys; leaves the jobs that can be formed. */
  async #prepare(jobs: readonly Job[]): Promise<readonly Job[]> {
    const ready: Job[] = [];
    for (const job of jobs) {
      try {
        job.signal?.throwIfAborted();
        for (const entity of job.entities) {
          if (entity.eid === undefined) await this.#lookUp(entity);
          else entity.assertThere();
        }
        for (const cell of job.cells) if (isBehind(cell)) await loadCell(this.#store, cell);
        const eid = job.idempotency?.entity.eid;
        const item = job.idempotency && eid !== undefined ? await this.#liveItem(eid, job.idempotency.key) : undefined;
        if (item) {
          job.replay(item);
          continue;
        }
        const preparation = job.prepare?.();
        if (preparation) await preparation;
        ready.push(job);
      } catch (error) {
        job.failed(error);
      }
    }
    return ready;
  }

  /** Binds the entity to what is stored; where it is yet to be made, its parents too. */
  async #lookUp(entity: EntityCell): Promise<void> {
    if (entity.eid === undefined) await this.#registry.resolve(entity);
    entity.assertThere();
    if (entity.eid === undefined && entity.parent) await this.#lookUp(entity.parent);
  }

  async #liveItem(eid: number, key: string): ReturnType<Store['item']> {
    const item = await this.#store.item(eid, COLLECTION.idempotency, key);
    if (item?.expiresAt !== undefined && item.expiresAt <= (await this.#store.now())) return undefined;
    return item;
  }

  /** Forms and writes one batch; returns the cells that moved. */
  async #commit(jobs: readonly Job[]): Promise<readonly StateCell[]> {
    const { formed, rest } = formBatch(jobs);
    this.#jobs.unshift(...rest);
    if (formed.length === 0) return [];
    const batch = { size: formed.length, waiting: this.#jobs.length };
    for (const { job } of formed) job.sent?.(batch);
    this.#follower.beginOwn();
    try {
      const result = await this.#store.commit(formed.map(({ plan }) => plan.commit));
      return await this.#settle(formed, result);
    } catch (error) {
      if (isHoldfastError(error, 'STORE_UNAVAILABLE') && error.data.outcome === 'unknown') return await this.#askAgain(formed, error);
      const storeIsFine =
        !isHoldfastError(error, 'STORE_UNAVAILABLE') && !isHoldfastError(error, 'STORE_FULL') && !isHoldfastError(error, 'CLOSED');
      if (storeIsFine && formed.length > 1) return await this.#commitOneByOne(formed);
      for (const { job } of formed) job.failed(error);
      return [];
    } finally {
      this.#follower.endOwn();
    }
  }

  /** One commit of the batch cannot be written (a damaged record, say): the others must not suffer for it. */
  async #commitOneByOne(formed: readonly FormedJob[]): Promise<readonly StateCell[]> {
    const moved: StateCell[] = [];
    for (const { job } of formed) moved.push(...(await this.#commit([job])));
    return moved;
  }

  async #settle(formed: readonly FormedJob[], result: BatchResult): Promise<readonly StateCell[]> {
    if (result.ok) return await this.#confirm(formed, result);
    const refused = formed[result.index] as FormedJob;
    const settled = await this.#refused(refused, result.refusal);
    this.#jobs.unshift(...formed.filter((each) => each !== refused || !settled).map(({ job }) => job));
    return [];
  }

  async #confirm(
    formed: readonly FormedJob[],
    result: Extract<BatchResult, { ok: true }>,
    inLog = (): readonly LoggedCommit[] | undefined => asLogged(formed, result),
  ): Promise<readonly StateCell[]> {
    this.#conflicts = 0;
    const eids = new Map(result.created.map(({ ref, eid }) => [ref, eid]));
    const moved = new Set<StateCell>();
    for (const [index, { job, plan }] of formed.entries()) {
      for (const entity of withParents(job.entities)) {
        const eid = eids.get(entity.ref);
        if (eid !== undefined && entity.eid === undefined) this.#registry.created(entity, eid);
        if (entity.ttlMs !== undefined && plan.commit.touch.some((touch) => touch.eid === entity.eid || touch.eid === entity.ref)) {
          entity.putOff(result.now + entity.ttlMs, this.#now());
        }
        if (plan.commit.drops.includes(entity.eid ?? entity.ref)) this.#registry.dropped(entity);
        if (entity.onChanged && plan.commit.changes.some((change) => change.eid === entity.eid || change.eid === entity.ref))
          entity.onChanged();
      }
      for (const next of plan.next) {
        next.cell.grow(next.kind, next.bytes);
        next.cell.publish(next.version, next.value, next.defVersion);
        moved.add(next.cell);
      }
      if (plan.error) job.failed(plan.error.thrown);
      else job.done(plan, result.seqs[index] as number);
    }
    await this.#follower.ownCommits(result.seqs, inLog).catch(() => this.#follower.poke());
    return [...moved];
  }

  /** Whether the refused job has its answer; otherwise it is formed again. */
  async #refused({ job, plan }: FormedJob, refusal: Refusal): Promise<boolean> {
    switch (refusal.kind) {
      case 'replay':
      case 'exists':
        // The next preparation finds what is there now.
        await this.#follower.catchUp();
        if (refusal.kind === 'exists') for (const entity of withParents(job.entities)) await this.#registry.resolve(entity);
        return false;
      case 'mismatch':
        // Preparing finds the key and says so to the job.
        return false;
      case 'gone': {
        const entity = job.entities.find(({ eid }) => eid === refusal.eid) ?? this.#registry.byEid(refusal.eid);
        if (entity) this.#registry.dropped(entity);
        return false;
      }
      case 'unmet':
        return this.#unmet(job, refusal, plan);
      case 'conflict':
        return await this.#conflict(job, refusal);
      case 'already':
        throw new HoldfastError('CORRUPT_STATE', `Commit ${plan.commit.commitId} is in the store although it was never sent.`, {
          what: plan.commit.commitId,
        });
    }
  }

  #unmet(job: Job, refusal: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): boolean {
    const answer = job.unmet(refusal, plan);
    if (answer === 'retry') return false;
    job.failed(answer);
    return true;
  }

  async #conflict(job: Job, { eid, state, expected, actual }: Extract<Refusal, { kind: 'conflict' }>): Promise<boolean> {
    await this.#follower.catchUp();
    const cell = job.cells.find((each) => each.state === state && each.entity.eid === eid);
    if (cell && cell.version !== actual && cell.version === expected) cell.stale = true;
    const isRetried = this.#now() < job.deadline;
    if (cell && diagnostics.conflict.hasSubscribers) {
      const { scope, id } = cell.entity;
      const versions = { expectedVersion: expected, actualVersion: actual };
      diagnostics.conflict.publish({ store: this.#store.name, entity: { scope, id }, state, ...versions, isRetried });
    }
    if (!isRetried) {
      const entity = cell?.entity.name ?? job.entities[0]?.name ?? 'an entity';
      job.failed(
        new HoldfastError(
          'CONCURRENT_MODIFICATION',
          `${state} of ${entity} kept moving: version ${expected} was expected, ${actual} is there. Try again later.`,
          {
            entity,
            state,
            expectedVersion: expected,
            actualVersion: actual,
          },
        ),
      );
      return true;
    }
    this.#conflicts += 1;
    // The first retry is immediate; writers that keep meeting each other step aside for a random moment.
    if (this.#conflicts > 1) await sleep(this.#random() * Math.min(2 ** this.#conflicts, 32));
    return false;
  }

  /** The reply was lost: the same commits are sent again, which the store applies once at most. */
  async #askAgain(formed: readonly FormedJob[], cause: HoldfastError): Promise<readonly StateCell[]> {
    const sent = formed.filter(({ plan }) => leavesTrace(plan.commit));
    const verifications = formed.filter(({ plan }) => !leavesTrace(plan.commit));
    const deadline = this.#now() + ASK_AGAIN_MS;
    for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      try {
        const result = await this.#store.commit(sent.map(({ plan }) => plan.commit));
        this.#jobs.unshift(...verifications.map(({ job }) => job));
        if (!result.ok && result.refusal.kind === 'already')
          // When it was written, only the log knows.
          return await this.#confirm(sent, await this.#alreadyWritten(sent, result.now, result.refusal.seq), () => undefined);
        return await this.#settle(sent, result);
      } catch (error) {
        if (!isHoldfastError(error, 'STORE_UNAVAILABLE') || this.#now() >= deadline) {
          for (const { job } of formed) job.failed(cause);
          return [];
        }
        await sleep(waitMs * (0.5 + this.#random()));
      }
    }
  }

  /** The result that the lost reply had: one transaction gave the commits consecutive seqs. */
  async #alreadyWritten(sent: readonly FormedJob[], now: number, firstSeq: number): Promise<Extract<BatchResult, { ok: true }>> {
    const created: { ref: number; eid: number }[] = [];
    const entities = withParents(sent.flatMap(({ job }) => job.entities));
    for (const entity of entities) {
      if (entity.eid !== undefined) continue;
      const record = await this.#store.entity(entity.scope, entity.id);
      if (record) created.push({ ref: entity.ref, eid: record.eid });
    }
    return { ok: true, now, seqs: sent.map((_, index) => firstSeq + index), created };
  }
}
