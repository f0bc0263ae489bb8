import { AsyncResource } from 'node:async_hooks';
import { diagnostics, errorCode, type CommitMessage } from '../event/index.ts';
import { leavesTrace, type CommitMeta, type ItemRecord, type Refusal } from '../store/index.ts';
import type { BatchView } from './batch-view.ts';
import type { EntityCell } from './entity-cell.ts';
import type { Batch, Job, Plan } from './job.ts';
import { UnmetRequirement } from './records-job.ts';
import type { StateCell } from './state-cell.ts';

/** A job about which `holdfast:commit` tells once it is settled. Made only where somebody listens. */
export class ObservedJob implements Job {
  readonly entities: readonly EntityCell[];
  readonly cells: readonly StateCell[];
  readonly idempotency: Job['idempotency'];
  readonly signal: AbortSignal | undefined;
  readonly deadline: number;
  readonly origin: CommitMeta;
  readonly #job: Job;
  readonly #store: string;
  /** Of whoever asked: there the message is published. */
  readonly #scope = new AsyncResource('holdfast.commit');
  readonly #askedAt = performance.now();
  #sentAt: number | undefined;
  #batch: Batch = { size: 0, waiting: 0 };
  #plan: Plan | undefined;
  #attempts = 0;

  constructor(job: Job, store: string) {
    this.entities = job.entities;
    this.cells = job.cells;
    this.idempotency = job.idempotency;
    this.signal = job.signal;
    this.deadline = job.deadline;
    this.origin = job.origin;
    this.#job = job;
    this.#store = store;
  }

  async prepare(): Promise<void> {
    await this.#job.prepare?.();
  }

  form(view: BatchView): Plan {
    this.#attempts += 1;
    this.#plan = undefined;
    this.#plan = this.#job.form(view);
    return this.#plan;
  }

  sent(batch: Batch): void {
    this.#batch = batch;
    this.#sentAt = performance.now();
  }

  done(plan: Plan, seq: number): void {
    this.#job.done(plan, seq);
    this.#tell({ outcome: leavesTrace(plan.commit) ? 'committed' : 'unchanged', seq });
  }

  replay(item: ItemRecord): void {
    this.#job.replay(item);
    this.#tell({ outcome: 'replayed', seq: item.rev });
  }

  failed(error: unknown): void {
    this.#job.failed(error);
    this.#tell({ outcome: error instanceof UnmetRequirement ? 'refused' : 'failed', seq: 0, code: errorCode(error) });
  }

  unmet(refusal: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): 'retry' | Error {
    return this.#job.unmet(refusal, plan);
  }

  #tell(answer: Pick<CommitMessage, 'outcome' | 'seq' | 'code'>): void {
    const now = performance.now();
    const sentAt = this.#sentAt ?? now;
    const commit = this.#plan?.commit;
    const message: CommitMessage = {
      store: this.#store,
      ...this.origin,
      ...(commit && { ...commit.meta, commitId: commit.commitId, durability: commit.durability }),
      ...answer,
      entities: this.entities.map(({ scope, id }) => ({ scope, id })),
      states: answer.outcome === 'committed' ? (this.#plan?.next ?? []).map(writtenState) : [],
      attempts: this.#attempts,
      durationMs: now - this.#askedAt,
      queueMs: sentAt - this.#askedAt,
      storeMs: now - sentAt,
      batchSize: this.#batch.size,
      waiting: this.#batch.waiting,
    };
    this.#scope.runInAsyncScope(() => diagnostics.commit.publish(message));
  }
}

function writtenState({ cell, version, kind, bytes }: Plan['next'][number]): CommitMessage['states'][number] {
  const { scope, id } = cell.entity;
  return { scope, id, state: cell.state, version, kind, size: bytes };
}
