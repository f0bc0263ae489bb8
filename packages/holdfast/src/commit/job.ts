import type { Commit, ItemRecord, Refusal } from '../store/index.ts';
import type { BatchView } from './batch-view.ts';
import type { EntityCell } from './entity-cell.ts';
import type { StateCell } from './state-cell.ts';

/** One caller's wish to write, waiting in the queue. */
export interface Job {
  /** Entities that `form` speaks of; those without an eid are looked up before. */
  readonly entities: readonly EntityCell[];
  /** States that `form` reads; stale ones are loaded before. */
  readonly cells: readonly StateCell[];
  /** The key that makes the job happen once, with the entity that it is scoped to. */
  readonly idempotency: { readonly entity: EntityCell; readonly key: string } | undefined;
  readonly signal: AbortSignal | undefined;
  /** Epoch ms after which a conflict is answered and no longer tried again. */
  readonly deadline: number;
  /** Makes ready what `form` needs besides, in the queue and right before it; may write to the store. */
  prepare?(): Promise<void>;
  /**
   * Computes the commit on the view, synchronously; may run again on a newer view. What it throws reaches the caller once
   * the versions it has read are verified.
   */
  form(view: BatchView): Plan;
  /** The idempotency key was used before: settles the job from the item that is kept of it. */
  replay(item: ItemRecord): void;
  /** The plan is confirmed by the store. */
  done(plan: Plan, seq: number): void;
  failed(error: unknown): void;
  /** An item is not as the plan requires: `retry` forms the job again, `settled` says that the job has answered its caller. */
  unmet(refusal: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): 'retry' | 'settled';
}

/** What a job wants to write, computed on one view. */
export interface Plan {
  readonly commit: Commit;
  /** Snapshots to publish when the commit is confirmed. */
  readonly next: readonly NextSnapshot[];
  /** What the recipe returned. */
  readonly value: unknown;
  /** Thrown by the recipe: the commit only verifies what was read. */
  readonly error?: { readonly thrown: unknown };
}

export interface NextSnapshot {
  readonly cell: StateCell;
  readonly version: number;
  readonly value: unknown;
  readonly defVersion: number;
  readonly kind: 'patch' | 'full';
  /** Characters of the change's body. */
  readonly bytes: number;
}
