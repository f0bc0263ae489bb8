/** One of the scopes' entities as stored. */
export interface EntityRecord {
  /** Made by the store, never used again. */
  readonly eid: number;
  readonly scope: string;
  readonly id: string;
  readonly parent?: number;
  /** Whose data this is: what `erase` and `export` go by. */
  readonly subject?: string;
  readonly origin?: EntityOrigin;
  /** The entity's lifetime after its last use; absent when it does not expire. */
  readonly ttlMs?: number;
  /** Epoch ms by the store's clock. */
  readonly expiresAt?: number;
}

/** Where a fork came from: an entity of the same scope. */
export interface EntityOrigin {
  readonly eid: number;
  readonly id: string;
  /** By state name: where the fork began. */
  readonly versions: Readonly<Record<string, number>>;
  /** Name of the checkpoint that it was forked from. */
  readonly checkpoint?: string;
}

export interface Head {
  readonly state: string;
  readonly version: number;
}

/** One version of one state, as it stands in the log. */
export interface Change {
  readonly eid: number;
  readonly state: string;
  /** The version that this change makes; versions of a state have no gaps. */
  readonly version: number;
  /** The version of the state's definition that wrote it. */
  readonly defVersion: number;
  /** `patch`: a JSON array of patches against the version before; `full`: the JSON of the whole value. */
  readonly kind: 'patch' | 'full';
  readonly body: string;
}

/** The whole value of a version. Derived from changes, so that opening is short. */
export interface Snapshot {
  readonly eid: number;
  readonly state: string;
  readonly version: number;
  readonly defVersion: number;
  /** JSON of the value; a store may keep it compressed. */
  readonly body: string;
}

export interface LoadedState {
  /** The newest version of the state, also when an older one was asked for. */
  readonly head: number;
  /** A snapshot or a `full` change. */
  readonly base: { readonly version: number; readonly defVersion: number; readonly body: string };
  /** The changes behind the base up to the version asked for, in order, all of kind `patch`; `patchRuns` makes them of changes. */
  readonly patches: readonly PatchRun[];
}

/** The patches of consecutive versions, all by one version of the definition: to check, hold and parse them together costs less. */
export interface PatchRun {
  /** Of the last one. */
  readonly version: number;
  /** How many they are; from 1. */
  readonly count: number;
  readonly defVersion: number;
  /** Their bodies as one JSON list, with a comma and a line end between two of them and nothing else added. */
  readonly text: string;
}

export interface ItemRecord {
  readonly eid: number;
  readonly collection: string;
  readonly key: string;
  /** The seq of the commit that last put it, or that acquired it when it was only renewed since. */
  readonly rev: number;
  readonly body: string;
  /** Epoch ms by the store's clock. */
  readonly expiresAt?: number;
}

/** Who made a commit, and why, in the caller's own text; and what kind of commit the engine made of it. */
export interface CommitMeta {
  readonly actor?: string;
  readonly cause?: string;
  readonly toolCall?: string;
  readonly trace?: string;
  readonly flags?: readonly CommitFlag[];
  /** How many entities' states it changed, where they are more than one: by it one knows whether all of them are still there. */
  readonly spans?: number;
}

/**
 * `bound`: written together with an effect or with another entity, so that it may not be rewound alone. `effect`: it was an effect, intended or settled.
 * `simulated`: its effects were not real. `migration`, `file`: what made it. `deleted`: it deleted entities.
 */
export type CommitFlag = 'bound' | 'effect' | 'simulated' | 'migration' | 'file' | 'deleted';

/** A deleted entity. */
export interface Drop {
  readonly eid: number;
  readonly scope: string;
  readonly id: string;
}

export interface LoggedCommit extends CommitMeta {
  readonly seq: number;
  readonly commitId: string;
  /** Epoch ms by the store's clock. */
  readonly at: number;
  readonly changes: readonly LoggedChange[];
  readonly drops: readonly Drop[];
}

export interface LoggedChange extends Change {
  readonly scope: string;
  readonly id: string;
  /** There when the log has no change that makes the version before: it was pruned, or the entity is a fork, which begins there. */
  readonly isOldest?: true;
}
