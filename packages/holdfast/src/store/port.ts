import type { Drop, EntityRecord, Head, ItemRecord, LoadedState, LoggedCommit, Snapshot } from './records.ts';
import type { BatchResult, Commit } from './commit.ts';
import type { ImportPart } from './import-part.ts';
import type { OutsideEdits } from './outside-edits.ts';

/**
 * A storage driver. Nothing above it knows which one is there; `holdfast/conformance` says whether one keeps its promises.
 *
 * The engine opens a store once, has at most one `commit` under way at a time, and may read while it is under way: a read
 * sees whole commits only. Every record carries a checksum that is verified when it is read; a damaged one is
 * `CORRUPT_STATE`, never a guess. Only {@link HoldfastError}s are thrown; what the medium does not answer is
 * `STORE_UNAVAILABLE`, whose `outcome` says whether a write may have happened.
 */
export interface Store {
  /** Names the driver and where it keeps its data, for messages: `sqlite bar.db`. Never holds a password. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;

  /**
   * Opens the store, making an empty one where there is none. On an open store it only answers: the way it was opened stays.
   * @throws {HoldfastError} NEWER_VERSION when written by a newer format; CORRUPT_STATE when what is there is no store;
   * STORE_UNAVAILABLE when it cannot be reached; NOT_FOUND when it is to be read only and is not there. None of them changes what is there.
   */
  open(options?: StoreOpenOptions): Promise<StoreInfo>;
  /** Releases everything that keeps the process alive. Calling it twice is the same as once. */
  close(): Promise<void>;
  /** The store's clock, epoch ms. Expiry of leases and sessions is judged by it alone. */
  now(): Promise<number>;

  /**
   * Writes all commits of the batch or none, in one store transaction, in order; a commit sees those before it. The
   * first commit that may not be written stops the batch: nothing is written and its answer says why.
   *
   * Checks per commit, in this order: `commitId` already there, idempotency key, entities still there (and those to be created
   * absent), `requires`, `expects`. When it resolves with `ok`, the batch is as durable as its strictest commit asks.
   */
  commit(batch: readonly Commit[]): Promise<BatchResult>;

  /** Finds an entity that exists, expired or not. */
  entity(scope: string, id: string): Promise<EntityRecord | undefined>;
  /** Finds an entity by the eid that another record names, a child its parent; undefined when it was deleted. */
  entityByEid(eid: number): Promise<EntityRecord | undefined>;
  /** Entities ordered by scope, then id, both by code point; `after` continues behind the last one of a page. */
  entities(filter: EntityFilter, after: { scope: string; id: string } | undefined, limit: number): Promise<readonly EntityRecord[]>;
  /** The newest version of each state of an entity, ordered by state; empty where there is no such entity. */
  heads(eid: number): Promise<readonly Head[]>;
  /**
   * What is needed to build a state: the newest full value at or before the version, and the changes after it.
   * `undefined` when the state has no version, or `atVersion` lies outside of what is kept.
   */
  load(eid: number, state: string, atVersion?: number): Promise<LoadedState | undefined>;
  /**
   * Commits with `seq` > `since`, oldest first, with those of their changes and drops that pass the filter; `limit` is how many commits are looked at. What
   * was pruned or belonged to an entity since deleted is not there any more; the oldest change of a state that is still there says so. With the `eid` of an entity that exists it costs what is kept of that, not
   * the length of the log: a deletion of it need not be looked for, since an eid is never used again.
   */
  log(since: number, filter: LogFilter, limit: number): Promise<LogPage>;

  item(eid: number, collection: string, key: string): Promise<ItemRecord | undefined>;
  /** Items of a collection, expired ones too, ordered by eid, then key by code point. Without `eid`: of all entities. */
  items(filter: ItemFilter, after: { eid: number; key: string } | undefined, limit: number): Promise<readonly ItemRecord[]>;

  /**
   * Deletes up to `limit` entities whose expiry has passed and which have neither a live lease (`$lease`) nor an unsettled
   * effect (`$open`), checked in the deleting transaction and logged as one commit flagged `deleted`; and up to `limit` expired items.
   * Costs what expired, not what exists.
   */
  sweep(limit: number): Promise<{ readonly dropped: readonly Drop[]; readonly items: number }>;
  /** Writes derived snapshots and deletes changes that are no longer kept. Off the commit path; may be lost without harm. */
  compact(plan: CompactionPlan): Promise<void>;

  /** How much is stored, of one entity or of all. Costs a walk over its records. */
  usage(eid?: number): Promise<StoreUsage>;

  /** Calls back when the log may have moved, by this or another process. Coalesces; the log says what. It must not throw. Returns the unsubscriber. */
  signal(callback: () => void): () => void;
  /** Of a store that shows its states to somebody a moment after they were committed: resolves when all of them are shown, and as durable as commits. */
  flush?(): Promise<void>;
  /** Of an open store whose states can be edited outside of the engine. */
  readonly outside?: OutsideEdits | undefined;
  /** Writes a consistent copy of the store to a path that does not exist yet. */
  backup?(path: string): Promise<void>;
  /**
   * Takes what was deleted out of the store's own files, a write-ahead log for one. False: readers of another process kept it from doing so, and
   * it is gone with the log's next turn. A store without it keeps no bytes of what was deleted, or cannot say.
   */
  scrub?(): Promise<boolean>;
  /**
   * The way into a store that is to become a copy of another, for one opened with `importing`: writes a part in one transaction, and nothing of it into the
   * signal. `end` makes it a store like any other, as durable as everything in it, and it is closed next. Until then it may be read, and nothing else.
   * A store without it cannot become a copy.
   */
  import?(part: ImportPart | 'end'): Promise<void>;
}

export interface StoreCapabilities {
  /** Whether another process may open the same data at the same time. */
  readonly sharedBetweenProcesses: boolean;
  /** Whether acknowledged `synced` commits survive the death of the process. */
  readonly survivesProcess: boolean;
}

export interface StoreOpenOptions {
  /**
   * Nothing is made or changed, also not by opening; others may write meanwhile. `commit`, `sweep`, `compact` and `scrub` are INVALID_ARGUMENT
   * (`readOnlyRefusal`). Default false.
   */
  readonly readOnly?: boolean;
  /**
   * Opens the store for `import`: an empty one, or one in which an import has not ended, and which opens in no other way until it has (CORRUPT_STATE,
   * `unfinishedImport`). Any other one is INVALID_ARGUMENT (`notEmpty`). Default false.
   */
  readonly importing?: boolean;
}

export interface StoreInfo {
  /** Made at random when the store was; a copy has another one. */
  readonly storeId: string;
  readonly format: number;
  /** Of the newest commit; 0 in an empty store. */
  readonly seq: number;
  /** Of a store that was opened for importing: how far the import has come, empty at its beginning. */
  readonly standing?: string;
}

export interface EntityFilter {
  readonly scope?: string;
  readonly idPrefix?: string;
  /** Only children of this entity. */
  readonly parent?: number;
  /** Only this one's data. Costs what it finds, as `parent` does. */
  readonly subject?: string;
}

/** A drop has no state: it passes by scope and eid alone. Without any filter every commit is in the page, with one only those of which something passed. */
export interface LogFilter {
  readonly scope?: string;
  readonly eid?: number;
  readonly state?: string;
}

export interface LogPage {
  /** Commits of the page, without those of which nothing passed the filter. */
  readonly commits: readonly LoggedCommit[];
  /** Where the next page continues: the highest seq looked at. Equal to `since` at the end of the log. */
  readonly seq: number;
}

export interface ItemFilter {
  readonly eid?: number;
  readonly collection: string;
  readonly prefix?: string;
}

/** Records of one kind, counted. */
export interface UsageRow {
  /** `commit`: the log's own records, which belong to no entity and are counted for the whole store only. */
  readonly kind: 'entity' | 'change' | 'snapshot' | 'item' | 'commit';
  /** Of the entities that they belong to; absent for commits. */
  readonly scope?: string;
  /** The state, or the collection of items; absent for entities and commits. */
  readonly name?: string;
  readonly records: number;
  /** Of the bodies as they are stored, compressed ones so; keys, indexes and free pages are not in it. 0 for entities. */
  readonly bytes: number;
}

export interface StoreUsage {
  /** At most one for a kind, scope and name; in no order. */
  readonly rows: readonly UsageRow[];
  /** What the whole store takes on its medium, where it knows; absent when one entity was asked for. */
  readonly totalBytes?: number;
}

export interface CompactionPlan {
  readonly snapshots: readonly Snapshot[];
  /**
   * Per state: changes with a smaller version are deleted, never that of the head. The caller has pinned what it needs by a snapshot before.
   * With `keepSnapshots`, older snapshots are deleted too, but for those of these versions; without it all of them stay.
   */
  readonly prune: readonly {
    readonly eid: number;
    readonly state: string;
    readonly beforeVersion: number;
    readonly keepSnapshots?: readonly number[];
  }[];
}
