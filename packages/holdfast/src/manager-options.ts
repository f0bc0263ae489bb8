import type { EffectDefinition } from './effect/index.ts';
import type { EntityHandle } from './entity-handle.ts';
import type { AutoCheckpointOptions } from './history/index.ts';
import type { KeyProvider } from './secret/index.ts';
import type { InvariantDefinition } from './state/index.ts';
import type { Store } from './store/index.ts';

export interface OpenOptions {
  /** Where the states live; opened here and closed by `close`. */
  readonly store: Store;
  /**
   * Only reads, in step with what others write: what would write is INVALID_ARGUMENT, nothing is made where there is no store, no effect is run, and
   * reading does not keep an entity alive. Default false.
   */
  readonly readOnly?: boolean;
  /** Every effect that recipes intend or that earlier runs may have left unsettled. */
  readonly effects?: readonly EffectDefinition[];
  /** Rules over several states. */
  readonly invariants?: readonly InvariantDefinition[];
  /** Master keys, needed by states with secrets. */
  readonly keys?: KeyProvider;
  /** How long a commit is retried after conflicts with other processes. Default 10,000. */
  readonly retryForMs?: number;
  /**
   * After how long without a sign of life an effect's owner counts as dead. More than the longest time for which its event loop is ever blocked or its
   * process stopped. Default 30,000.
   */
  readonly effectLeaseMs?: number;
  /** How often unsettled effects are looked for. Default 1,000. */
  readonly effectScanEveryMs?: number;
  /** How long settled effects stay in the ledger, which is how long their keys are not run again; `Infinity` keeps them. Default 90 days. */
  readonly effectRetentionMs?: number;
  /**
   * How often what expired is deleted in the background, 100 at a time; 0 or Infinity never does, for applications that call `sweep` themselves. What
   * was deleted is told by `changes()` and on the channel `holdfast:sweep`. Default 60,000.
   */
  readonly sweepEveryMs?: number;
  /** How long `close` waits for effects under way. Default 5,000. */
  readonly closeGraceMs?: number;
  /** Clock of this process, epoch ms. Default Date.now. */
  readonly clock?: () => number;
  /** From 0 to below 1, for jitter. Default Math.random. */
  readonly random?: () => number;
}

export interface EntityOptions {
  /** The entity that this one belongs to. Taken when the entity is made. */
  readonly parent?: EntityHandle;
  /** Lifetime after the last use. Taken when the entity is made. Default: it does not expire. */
  readonly expiresAfterMs?: number;
  /** Whose data it holds. Default: the entity's own name. */
  readonly subject?: string;
  /** Puts checkpoints `auto-1`, `auto-2`, … by themselves, soon after the commit that makes one due and while this process uses the entity. Default: none. */
  readonly checkpoints?: AutoCheckpointOptions;
}
