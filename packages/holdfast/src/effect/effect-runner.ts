import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { freezeJson } from '../cow/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { acquireLease, type Lease } from '../session/index.ts';
import {
  definitionReader,
  ledgerKey,
  openKey,
  runRecipe,
  schemaIssues,
  type EffectRecord,
  type EngineContext,
  type Participant,
  type RecordedEffect,
} from '../state/index.ts';
import { COLLECTION, type ItemRecord } from '../store/index.ts';
import { EffectFailure, type EffectDefinition, type EffectOutcome, type Reconciliation } from './effect-definition.ts';

const PAGE = 200;

interface Unsettled {
  readonly entity: EntityCell;
  readonly eid: number;
  readonly effect: EffectDefinition;
  readonly key: string;
}

/** An effect with its record in the ledger and that record's revision: each step requires it, so one that was overtaken writes nothing. */
interface Recorded extends Unsettled {
  readonly record: EffectRecord;
  readonly rev: number;
}

/**
 * Runs intended effects once and settles them; takes over those whose owner died, and asks what became of the unknown ones until it is known.
 * What runs, runs under the effect's lease; asking what became of it needs none.
 */
export class EffectRunner {
  readonly #context: EngineContext;
  readonly #effects: ReadonlyMap<string, EffectDefinition>;
  readonly #leaseMs: number;
  readonly #scanEveryMs: number;
  readonly #holder: string;
  readonly #running = new Map<string, Promise<void>>();
  /** When an effect is due to be asked about again, and how often it was. */
  readonly #waits = new Map<string, { readonly asked: number; readonly dueAt: number }>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;

  constructor(
    context: EngineContext,
    effects: readonly EffectDefinition[],
    options: { leaseMs: number; scanEveryMs: number; holder: string },
  ) {
    this.#context = context;
    this.#effects = new Map(effects.map((effect) => [effect.name, effect]));
    this.#leaseMs = options.leaseMs;
    this.#scanEveryMs = options.scanEveryMs;
    this.#holder = options.holder;
  }

  /** Looks for unsettled effects now and then on, without keeping the process alive. */
  start(): void {
    if (this.#effects.size === 0) return;
    this.#timer = setInterval(() => this.#startScan(), this.#scanEveryMs);
    this.#timer.unref();
    this.#startScan();
  }

  /** Waits up to `graceMs` for effects under way, then aborts them: what they did is found out by the next process. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#closing.abort(), graceMs);
    await this.#scanning;
    await Promise.all(this.#running.values());
    clearTimeout(grace);
    this.#closing.abort();
  }

  /** Called when a commit that intends effects is confirmed. */
  intended(entity: EntityCell, effects: readonly RecordedEffect[]): void {
    for (const { name, key } of effects) {
      const effect = this.#effects.get(name);
      if (effect && entity.eid !== undefined) void this.#drive({ entity, eid: entity.eid, effect, key });
    }
  }

  /** Asks about every unsettled effect now, those that wait for their turn too; resolves when each was taken as far as it will go. */
  async reconcile(): Promise<void> {
    await this.#scanning;
    this.#waits.clear();
    await Promise.all(await this.#scan({ isAgain: true }));
  }

  /** Starts a pass over the unsettled effects that are due, unless one is under way. */
  #startScan(): void {
    this.#scanning ??= this.#scan({ isAgain: false })
      .then(() => undefined, this.#context.report)
      .finally(() => {
        this.#scanning = undefined;
      });
  }

  /** With `isAgain`, effects that are being asked about already are asked about once more. */
  async #scan({ isAgain }: { readonly isAgain: boolean }): Promise<readonly Promise<void>[]> {
    const { store, registry } = this.#context;
    const drives: Promise<void>[] = [];
    let after: { eid: number; key: string } | undefined;
    for (;;) {
      const page: readonly ItemRecord[] = await store.items({ collection: COLLECTION.openEffect }, after, PAGE);
      for (const item of page) {
        const { name, key, scope, id } = JSON.parse(item.body) as { name: string; key: string; scope: EntityCell['scope']; id: string };
        const effect = this.#effects.get(name);
        if (!effect || !this.#isDue(`${item.eid}:${ledgerKey(name, key)}`)) continue;
        const entity = registry.at(scope, id);
        await registry.resolve(entity);
        if (entity.eid !== item.eid) continue;
        const unsettled = { entity, eid: item.eid, effect, key };
        const running = this.#running.get(`${item.eid}:${ledgerKey(name, key)}`);
        // An answer that was on its way may be older than the wish to know.
        drives.push(running && isAgain ? running.then(() => this.#drive(unsettled)) : this.#drive(unsettled));
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE || this.#closing.signal.aborted) return drives;
      after = { eid: last.eid, key: last.key };
    }
  }

  #isDue(id: string): boolean {
    return this.#context.now() >= (this.#waits.get(id)?.dueAt ?? 0);
  }

  #wait(id: string, { firstMs, maxMs }: EffectDefinition['retry']): void {
    const asked = (this.#waits.get(id)?.asked ?? 0) + 1;
    const delayMs = Math.min(firstMs * 2 ** (asked - 1), maxMs) * (0.75 + this.#context.random() / 2);
    this.#waits.set(id, { asked, dueAt: this.#context.now() + delayMs });
  }

  /** Takes an effect as far as it will go now; never rejects. */
  #drive(unsettled: Unsettled): Promise<void> {
    const id = `${unsettled.eid}:${ledgerKey(unsettled.effect.name, unsettled.key)}`;
    const running = this.#running.get(id);
    if (running) return running;
    const drive = this.#advance(unsettled)
      .then(
        (isSettled) => (isSettled ? void this.#waits.delete(id) : this.#wait(id, unsettled.effect.retry)),
        (error: unknown) => {
          this.#wait(id, unsettled.effect.retry);
          if (!isOvertaken(error)) this.#context.report(error);
        },
      )
      .finally(() => this.#running.delete(id));
    this.#running.set(id, drive);
    return drive;
  }

  /** Whether the effect is settled now. */
  async #advance(unsettled: Unsettled): Promise<boolean> {
    const found = await this.#read(unsettled);
    if (!found || this.#closing.signal.aborted) return false;
    const { record } = found;
    switch (record.status) {
      case 'done':
      case 'failed':
        return true;
      case 'intended':
        return await this.#underLease(found, (signal, lease) => this.#run(found, signal, lease));
      case 'started':
        // Whoever started it holds its lease for as long as it lives.
        await this.#underLease(found, async () => {
          await this.#settle(found, { status: 'unknown', error: 'the process that ran it ended before it said what became of it' });
          return false;
        });
        return await this.#advance(unsettled);
      case 'unknown': {
        const answer = await this.#ask(found);
        if (answer.status === 'unknown') return false;
        return await this.#underLease(found, async (signal, lease) => {
          if (answer.status === 'absent') return await this.#run(found, signal, lease);
          await this.#settle(found, answer);
          return true;
        });
      }
    }
  }

  async #read(unsettled: Unsettled): Promise<Recorded | undefined> {
    const { eid, effect, key } = unsettled;
    const item = await this.#context.store.item(eid, COLLECTION.effect, ledgerKey(effect.name, key));
    return item && { ...unsettled, record: JSON.parse(item.body) as EffectRecord, rev: item.rev };
  }

  /** Holds the effect's lease, with a heartbeat, while `work` is under way. Its signal aborts when the lease is lost or the manager closes. */
  async #underLease(recorded: Recorded, work: (signal: AbortSignal, lease: Lease) => Promise<boolean>): Promise<boolean> {
    const { entity, effect, key } = recorded;
    const lease = await acquireLease(this.#context, entity, `$effect/${ledgerKey(effect.name, key)}`, {
      holder: this.#holder,
      ttlMs: this.#leaseMs,
    });
    const lost = new AbortController();
    const heartbeat = setInterval(() => void lease.renew().catch(() => lost.abort()), this.#leaseMs / 3);
    heartbeat.unref();
    try {
      return await work(AbortSignal.any([this.#closing.signal, lost.signal]), lease);
    } finally {
      clearInterval(heartbeat);
      await lease.release();
    }
  }

  async #run(recorded: Recorded, signal: AbortSignal, lease: Lease): Promise<boolean> {
    const { eid, entity, effect, key, record } = recorded;
    if (signal.aborted) return false;
    const started: EffectRecord = { ...record, status: 'started', runs: record.runs + 1 };
    const item = { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, key) };
    const rev = await writeRecords(this.#context.queue, entity, () => ({
      meta: { actor: `effect:${effect.name}` },
      requires: [
        { ...item, rev: recorded.rev },
        { eid, collection: COLLECTION.lease, key: lease.name, rev: lease.token },
      ],
      puts: [{ ...item, body: JSON.stringify(started) }],
    }));
    const run = (record.simulated && effect.simulate) || effect.run;
    const outcome = await outcomeOf(effect, () => untilAborted(signal, run(record.input, { key, run: started.runs, signal })));
    await this.#settle({ ...recorded, rev, record: started }, outcome);
    return outcome.status !== 'unknown';
  }

  /** What the outside world says of an effect whose outcome is unknown. */
  async #ask({ effect, key, record }: Recorded): Promise<Reconciliation<unknown>> {
    const { signal } = this.#closing;
    if (record.simulated) return { status: 'absent' };
    if (!effect.reconcile) return { status: 'unknown', error: 'nobody can be asked' };
    try {
      const answer = await untilAborted(signal, effect.reconcile(record.input, { key, run: record.runs, signal }));
      return answer.status === 'done' ? await outcomeOf(effect, () => Promise.resolve(answer.output)) : answer;
    } catch (error) {
      if (!signal.aborted) this.#context.report(error);
      return { status: 'unknown', error: String(error) };
    }
  }

  /** Commits the outcome to the ledger and to the states at once; gives the record's new revision. */
  async #settle({ entity, eid, effect, key, record, rev }: Recorded, outcome: EffectOutcome<unknown>): Promise<number> {
    const { error: _, ...intent } = record;
    const settled: EffectRecord = { ...intent, ...outcome };
    const item = { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, key) };
    const records = {
      flags: record.simulated ? (['bound', 'simulated'] as const) : (['bound'] as const),
      requires: [{ ...item, rev }],
      puts: [{ ...item, body: JSON.stringify(settled) }],
      deletes:
        outcome.status === 'unknown'
          ? []
          : [{ eid, collection: COLLECTION.openEffect, key: openKey({ name: effect.name, key, concurrent: effect.concurrent }) }],
    };
    const origin = { actor: `effect:${effect.name}`, cause: key };
    const participants = effect.states.map((definition): Participant => ({
      definition,
      cell: entity.cell(definition.name, definitionReader(definition, entity, this.#context.keys)),
    }));
    if (participants.length === 0) {
      const { flags, ...written } = records;
      return await writeRecords(this.#context.queue, entity, () => ({ ...written, meta: { ...origin, flags } }));
    }
    const overtaken = (): HoldfastError =>
      new HoldfastError('STALE_LEASE', `Effect ${effect.name} ${key} of ${entity.name} was taken over by another process.`, {
        entity: entity.name,
        lease: `effect/${key}`,
      });
    const { seq } = await runRecipe(
      this.#context,
      participants,
      (drafts, tx) => effect.settle(drafts, outcome, tx, { key, input: record.input }),
      origin,
      {
        attached: { ...records, unmet: overtaken },
      },
    );
    return seq;
  }
}

/** Runs it, and makes of its answer or error what is known of the outcome. */
async function outcomeOf(effect: EffectDefinition, run: () => Promise<unknown>): Promise<EffectOutcome<unknown>> {
  try {
    const output = await run();
    const issue = freezeJson(output);
    const issues = issue ? [issue] : schemaIssues(effect.output, output);
    if (!issues) return { status: 'done', output };
    return { status: 'unknown', error: `its answer does not fit at ${issues[0]?.path.join('.') || '(root)'}: ${issues[0]?.message}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: error instanceof EffectFailure ? 'failed' : 'unknown', error: message };
  }
}

/** Another process has the effect, its entity is gone, or the manager closed: nothing to report. */
function isOvertaken(error: unknown): boolean {
  if (error instanceof UnmetRequirement) return true;
  return isHoldfastError(error) && ['LEASE_HELD', 'STALE_LEASE', 'NOT_FOUND', 'CLOSED'].includes(error.code);
}

/** The effect's answer, or a rejection once the signal aborts: one that does not listen to it must not keep the manager from closing. */
function untilAborted<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('the manager closed, or another process took over, before it answered'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', abort));
}
