import type { EntityAddress } from '../scope/index.ts';

/** A lease that a commit is made under. */
export interface HeldLease {
  readonly entity: EntityAddress;
  readonly name: string;
  /** Grows with every acquisition; a commit with an older one is refused. */
  readonly token: number;
}

/** Who commits and why; kept with the commit for as long as the log is. */
export interface CommitOrigin {
  /** Who: a user, an agent, a tool, a job. */
  readonly actor?: string;
  /** Why: what set it off. */
  readonly cause?: string;
  /** The model's id of the tool call that this commit carries out. */
  readonly toolCall?: string;
  /** A trace id. */
  readonly trace?: string;
}

export interface CommitOptions extends CommitOrigin {
  /** The recipe runs on this version of the first state only; a newer one is CONCURRENT_MODIFICATION instead of a retry. */
  readonly expectedVersion?: number;
  /**
   * Makes the commit happen once: a repeat with the same key, on the same first entity, gets the first result. `input` tells a repeat from
   * a different request under the same key (IDEMPOTENCY_MISMATCH). Kept for `keepMs`, 7 days by default.
   */
  readonly idempotency?: { readonly key: string; readonly input?: unknown; readonly keepMs?: number };
  /** The commit is refused with STALE_LEASE when the lease is not held any more. */
  readonly lease?: HeldLease;
  /** Takes the job out of the queue while it waits; once it is on its way to the store it is not interrupted. */
  readonly signal?: AbortSignal;
  /** How long to retry after conflicts with other processes. Default 10,000. */
  readonly retryForMs?: number;
}

/** The version that a commit made of a state. */
export interface StateVersion extends EntityAddress {
  readonly state: string;
  readonly version: number;
}

export interface CommitResult<R> {
  /** What the recipe returned; on a replay, what it returned the first time, as JSON carries it. */
  readonly value: R;
  /** Versions of the given states after the commit, in the order given. */
  readonly versions: readonly StateVersion[];
  /** Whether the idempotency key had been used before, so that nothing was done now. */
  readonly replayed: boolean;
  /** Place of the commit in the log, usable as a resume token; 0 when nothing changed. */
  readonly seq: number;
}
