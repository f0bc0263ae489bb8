import type { EntityAddress } from '../scope/index.ts';
import type { CommitMeta, Durability } from '../store/index.ts';

/**
 * What is published on which channel of `node:diagnostics_channel`. Messages hold names, versions, paths and sizes, never a value of a state; only
 * `holdfast:error` holds what was thrown, as it is.
 */
export interface DiagnosticMessages {
  'holdfast:error': ErrorMessage;
  'holdfast:commit': CommitMessage;
  'holdfast:conflict': ConflictMessage;
  'holdfast:load': LoadMessage;
  'holdfast:snapshot': SnapshotMessage;
  'holdfast:prune': PruneMessage;
  'holdfast:checkpoint': CheckpointMessage;
  'holdfast:restore': RestoreMessage;
  'holdfast:fork': ForkMessage;
  'holdfast:merge': MergeMessage;
  'holdfast:effect': EffectMessage;
  'holdfast:lease': LeaseMessage;
  'holdfast:sweep': SweepMessage;
}

/** An error that no caller waits for. */
export interface ErrorMessage {
  readonly error: unknown;
  readonly source: ErrorSource;
}

/** `subscriber`: a listener threw or rejected. `effect`: running or asking about one. `client`: releasing one. `background`: anything else. */
export type ErrorSource = 'subscriber' | 'effect' | 'client' | 'background';

/** How an operation went; published when it is over, in the async context of whoever asked for it. */
export interface Ending {
  readonly durationMs: number;
  /** The code of the HoldfastError, or the name of the error, with which it failed. */
  readonly code?: string;
}

interface OfStore {
  /** The store's name, as in messages of errors. */
  readonly store: string;
}

interface OfEntity extends OfStore {
  readonly entity: EntityAddress;
}

/** One wish to write, when its caller has the answer. The engine's own records, such as leases, are among them. */
export interface CommitMessage extends OfStore, CommitMeta, Ending {
  /**
   * `unchanged`: there was nothing to write. `replayed`: its idempotency key had been used. `refused`: a record of the engine's own was not as it
   * had to be, which the part that wrote it answers: a lease that is held, a checkpoint's name that is taken.
   */
  readonly outcome: 'committed' | 'unchanged' | 'replayed' | 'refused' | 'failed';
  /** Place in the log; 0 when nothing was written. */
  readonly seq: number;
  /** Made anew each time that the commit is formed; undefined when it never was. */
  readonly commitId?: string;
  /** How durable it had to be. */
  readonly durability?: Durability;
  /** Every entity that it concerned. */
  readonly entities: readonly EntityAddress[];
  /** What it made; of one that failed, nothing. */
  readonly states: readonly WrittenState[];
  /** How often it was formed: 1 without conflicts, 0 when it did not come so far. */
  readonly attempts: number;
  /** From asking until the batch that it was last in went to the store. */
  readonly queueMs: number;
  /** From then until the answer. */
  readonly storeMs: number;
  /** Commits of that batch. */
  readonly batchSize: number;
  /** Commits that waited for the next batch when that one was formed. */
  readonly waiting: number;
}

export interface WrittenState extends EntityAddress {
  readonly state: string;
  readonly version: number;
  readonly kind: 'patch' | 'full';
  /** Characters of what was written. */
  readonly size: number;
}

/** The store refused a commit because a state had moved. */
export interface ConflictMessage extends OfEntity {
  readonly state: string;
  readonly expectedVersion: number;
  readonly actualVersion: number;
  /** Whether it is tried again. */
  readonly isRetried: boolean;
}

/** A state was read from the store: opened, or read anew because it could not be followed. */
export interface LoadMessage extends OfEntity, Ending {
  readonly state: string;
  /** The version that was found; 0 when there is none. */
  readonly version: number;
  /** Patches replayed behind the last full value. */
  readonly patches: number;
  /** Characters of the full value and of the patches. */
  readonly size: number;
}

/** Snapshots were written, so that opening stays short. */
export interface SnapshotMessage extends OfStore, Ending {
  readonly states: readonly (EntityAddress & { readonly state: string; readonly version: number })[];
}

/** Versions that retention does not keep were deleted. */
export interface PruneMessage extends OfEntity, Ending {
  readonly state: string;
  /** Those before this one went, */
  readonly beforeVersion: number;
  /** except for these, which checkpoints name. */
  readonly kept: readonly number[];
}

export interface CheckpointMessage extends OfStore, Ending {
  /** One, or all that a shared checkpoint is on. */
  readonly entities: readonly EntityAddress[];
  readonly checkpoint: string;
}

export interface RestoreMessage extends OfStore, Ending {
  readonly entities: readonly EntityAddress[];
  readonly checkpoint: string;
  /** Place of the commit in the log; 0 when nothing differed, or it failed. */
  readonly seq: number;
}

export interface ForkMessage extends OfEntity, Ending {
  /** The fork's id. */
  readonly fork: string;
  /** Undefined for a fork of what is there now. */
  readonly checkpoint?: string;
}

export interface MergeMessage extends OfEntity, Ending {
  /** The fork's id. */
  readonly fork: string;
  /** Place of the commit in the log; 0 when nothing was written. */
  readonly seq: number;
  /** Places that both sides had changed. */
  readonly conflicts: readonly { readonly state: string; readonly path: readonly (string | number)[] }[];
}

/**
 * A step of an effect, once it is in the ledger. `reconciled`: the outside world was asked what became of it, and `answer` is what it said; a step
 * that settles it follows when that is an outcome.
 */
export interface EffectMessage extends OfEntity {
  readonly effect: string;
  readonly key: string;
  readonly step: 'intended' | 'started' | 'done' | 'failed' | 'unknown' | 'reconciled';
  /** Of a fork: `simulate` stands in for `run`. */
  readonly isSimulated: boolean;
  /** How often it was run, this time included; 0 before the first. */
  readonly runs: number;
  /** Of `reconciled`. */
  readonly answer?: 'done' | 'failed' | 'unknown' | 'absent';
  /** How long running or asking took; undefined where neither was done. */
  readonly durationMs?: number;
}

/**
 * `held`: another has it, and the time for waiting is over. `lost`: it could not be renewed. `stale`: a commit under it was refused.
 * The engine holds a lease named `$effect/…` on the entity while it runs an effect.
 */
export interface LeaseMessage extends OfEntity {
  readonly lease: string;
  readonly step: 'acquired' | 'held' | 'lost' | 'released' | 'stale';
  /** Of `acquired` and `held`. */
  readonly holder?: string;
  /** How long it was waited for; of `acquired` and `held`. */
  readonly waitedMs?: number;
}

/** Expired entities and items were deleted. */
export interface SweepMessage extends OfStore, Ending {
  readonly entities: readonly EntityAddress[];
  /** Expired records of the engine's own that went: idempotency keys, leases. */
  readonly items: number;
}
