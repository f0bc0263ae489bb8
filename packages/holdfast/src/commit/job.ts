import type { Commit, CommitMeta, ItemRecord, Refusal } from '../store/index.ts';
import type { BatchView } from './batch-view.ts';
import type { EntityCell } from './entity-cell.ts';
import type { StateCell } from './state-cell.ts';

/** One caller's wish to write, waiting in the queue. */
export interface Job {
  /** Entities that `form` speaks of; those without an eid are looked up before, with their parents. */
  readonly entities: readonly EntityCell[];
  /** States that `form` reads; stale ones are loaded before. */
  readonly cells: readonly StateCell[];
  /** The key that makes the job happen once, with the entity that it is scoped to. */
  readonly idempotency: { readonly entity: EntityCell; readonly key: string } | undefined;
  readonly signal: AbortSignal | undefined;
  /** Epoch ms after which a conflict is answered and no longer tried again. */
  readonly deadline: number;
  /** Who asks for it and why, as far as that is known before it is formed. */
  readonly origin: CommitMeta;
  /** Makes ready what `form` needs besides, in the queue and right before it; may write to the store. */
  prepare?(): Promise<void> | undefined;
  /**
   * Computes the commit on the view, synchronously; may run again on a newer view. What it throws reaches the caller once
   * the versions it has read are verified.
   */
  form(view: BatchView): Plan;
  /** The batch that the job was formed into goes to the store. */
  sent?(batch: Batch): void;
  /** The idempotency key was used before: settles the job from the item that is kept of it, or throws what is to be answered. */
  replay(item: ItemRecord): void;
  /** The plan is confirmed by the store. */
  done(plan: Plan, seq: number): void;
  failed(error: unknown): void;
  /** An item is not as the plan requires: `retry` forms the job again, an error is answered. */
  unmet(refusal: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): 'retry' | Error;
}

export interface Batch {
  /** Commits of the batch. */
  readonly size: number;
  /** Commits that wait for the next one. */
  readonly waiting: number;
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
