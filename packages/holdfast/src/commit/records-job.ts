import { HoldfastError } from '../errors/index.ts';
import { activeTrace } from '../event/index.ts';
import { emptyCommit, type Commit, type CommitMeta, type ItemRecord, type Refusal, type Requirement } from '../store/index.ts';
import type { BatchView } from './batch-view.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { EntityCell } from './entity-cell.ts';
import type { Job, Plan } from './job.ts';

/** A requirement of the engine's own records did not hold. Caught by the part that wrote them, which knows what it means. */
export class UnmetRequirement extends Error {
  override readonly name = 'UnmetRequirement';
  readonly requirement: Requirement;
  readonly found: ItemRecord | undefined;

  constructor(requirement: Requirement, found: ItemRecord | undefined) {
    super(`${requirement.collection}/${requirement.key} is not as required`);
    this.requirement = requirement;
    this.found = found;
  }
}

/**
 * Queues a synced commit of the engine's own records on one entity, which it creates when it puts or changes something; resolves with its seq.
 * `build` gets the eid, or a ref while there is none, and what the commit will find; it may run more than once. Entities that it speaks of besides are
 * given in `others`, and must exist; `prepare` runs in the queue right before `build`. Rejects with {@link UnmetRequirement}, or CONCURRENT_MODIFICATION when an expected version moved.
 */
export function writeRecords(
  queue: CommitQueue,
  entity: EntityCell,
  build: (eid: number, view: BatchView) => Partial<Omit<Commit, 'commitId' | 'creates'>>,
  others: readonly EntityCell[] = [],
  prepare?: () => Promise<void>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  queue.submit(
    new RecordsJob({
      entity,
      others,
      commit: (eid, view) => ({ ...emptyCommit(), durability: 'synced', ...build(eid, view) }),
      prepare,
      settle: { resolve, reject },
    }),
  );
  return promise;
}

/** A commit of records that the engine has computed itself: leases, checkpoints, the ledger, deletions. */
class RecordsJob implements Job {
  readonly entities: readonly EntityCell[];
  readonly cells = [] as const;
  readonly idempotency = undefined;
  readonly signal = undefined;
  readonly origin: CommitMeta;
  /** Computed once: a conflict is for the caller to answer. */
  readonly deadline = Number.NEGATIVE_INFINITY;
  readonly #entity: EntityCell;
  readonly #commit: (eid: number, view: BatchView) => Commit;
  readonly #prepare: (() => Promise<void>) | undefined;
  readonly #settle: { readonly resolve: (seq: number) => void; readonly reject: (error: unknown) => void };

  constructor(options: {
    entity: EntityCell;
    others: readonly EntityCell[];
    commit: (eid: number, view: BatchView) => Commit;
    prepare: (() => Promise<void>) | undefined;
    settle: { resolve: (seq: number) => void; reject: (error: unknown) => void };
  }) {
    this.#entity = options.entity;
    this.entities = [options.entity, ...options.others];
    this.#commit = options.commit;
    const trace = activeTrace();
    this.origin = trace === undefined ? {} : { trace };
    this.#prepare = options.prepare;
    this.#settle = options.settle;
  }

  async prepare(): Promise<void> {
    await this.#prepare?.();
  }

  form(view: BatchView): Plan {
    const commit = this.#commit(view.eid(this.#entity), view);
    const isCreating = commit.puts.length > 0 || commit.changes.length > 0;
    const meta = { ...this.origin, ...commit.meta };
    return { commit: { ...commit, meta, creates: isCreating ? view.creations(this.#entity) : [] }, next: [], value: undefined };
  }

  done(_plan: Plan, seq: number): void {
    this.#settle.resolve(seq);
  }

  failed(error: unknown): void {
    this.#settle.reject(error);
  }

  replay(): never {
    throw new HoldfastError('INVALID_ARGUMENT', 'The engine’s own records have no idempotency key.', { argument: 'idempotency' });
  }

  unmet({ index, found }: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): UnmetRequirement {
    return new UnmetRequirement(plan.commit.requires[index] as Requirement, found);
  }
}
