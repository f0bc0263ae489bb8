import type { Change, CommitMeta, EntityOrigin, ItemRecord } from './records.ts';

/** How long a commit must live: `synced` survives a power cut, `written` the death of the process. */
export type Durability = 'synced' | 'written';

/**
 * One atomic change as the engine hands it to a store.
 *
 * An `eid` below 0 stands for an entity that this commit, or an earlier one of the same batch, creates under that `ref`. A commit
 * that writes nothing but `touch` (or nothing at all) is checked and answered like any other, but gets no seq and leaves no trace in the log.
 */
export interface Commit {
  /** Made by the engine, of the time and at random (`newCommitId`); the store refuses to apply the same one twice. */
  readonly commitId: string;
  readonly durability: Durability;
  readonly meta: CommitMeta;
  readonly idempotency?: IdempotencyRecord | undefined;
  readonly creates: readonly EntityCreation[];
  /** Entities that the commit was computed without, because there are none of their names, and that it does not create. */
  readonly absent: readonly AbsentEntity[];
  /** Versions that the commit was computed from, read or written; 0 means that the state has no version yet. */
  readonly expects: readonly Expectation[];
  readonly requires: readonly Requirement[];
  /** At most one for a state, which is also in `expects`. */
  readonly changes: readonly Change[];
  readonly puts: readonly ItemPut[];
  readonly deletes: readonly ItemKey[];
  readonly touch: readonly Touch[];
  /** Entities to delete with everything they have. */
  readonly drops: readonly number[];
}

export interface EntityCreation {
  /** Below 0; the same entity has the same ref all over a batch. Creating it again under that ref changes nothing. */
  readonly ref: number;
  readonly scope: string;
  readonly id: string;
  /** An eid, or the ref of an entity created before it. */
  readonly parent?: number;
  readonly subject?: string;
  readonly origin?: EntityOrigin;
  readonly ttlMs?: number;
}

export interface AbsentEntity {
  /** Below 0: what a refusal calls it by. */
  readonly ref: number;
  readonly scope: string;
  readonly id: string;
}

export interface Expectation {
  readonly eid: number;
  readonly state: string;
  readonly version: number;
}

export interface ItemKey {
  readonly eid: number;
  readonly collection: string;
  readonly key: string;
}

/** An item must be as said; an item whose expiry has passed counts as absent. */
export interface Requirement extends ItemKey {
  readonly rev: number | 'absent';
}

export interface ItemPut extends ItemKey {
  readonly body: string;
  /** From the store's now; without it the item does not expire. */
  readonly ttlMs?: number;
  /** Keeps the rev of the item that is there, so that a renewed lease keeps its token. */
  readonly keepRev?: boolean;
}

export interface Touch {
  readonly eid: number;
  /** The new lifetime from the store's now; null: does not expire any more. */
  readonly ttlMs: number | null;
}

/** Kept as the item `<key>` of the collection `$idem` of the entity; its body is the JSON `{ "inputHash": …, "body": … }` of the two fields. */
export interface IdempotencyRecord {
  readonly eid: number;
  readonly key: string;
  /** SHA-256 of the canonical JSON of the input, or '' when the caller gave none. */
  readonly inputHash: string;
  /** The engine's own record of the result, given back on replay. */
  readonly body: string;
  readonly ttlMs: number;
}

export type BatchResult =
  | {
      readonly ok: true;
      /** The store's now inside the transaction. */
      readonly now: number;
      /** One per commit: its seq, or 0 when it left no trace in the log. */
      readonly seqs: readonly number[];
      /** The eids given to the refs of the batch. */
      readonly created: readonly { readonly ref: number; readonly eid: number }[];
    }
  | {
      readonly ok: false;
      readonly now: number;
      /** Which commit of the batch was refused. */ readonly index: number;
      readonly refusal: Refusal;
    };

/** Why a commit was not written. Only `already` and `replay` are good news. An `eid` is given as the commit gave it. */
export type Refusal =
  /** The commit had been written before (its reply was lost). */
  | { readonly kind: 'already'; readonly seq: number }
  /** The idempotency key was used before with the same input. */
  | { readonly kind: 'replay'; readonly body: string }
  | { readonly kind: 'mismatch' }
  /** The entity was deleted. */
  | { readonly kind: 'gone'; readonly eid: number }
  /** The entity that is to be created, or to be absent, exists. */
  | { readonly kind: 'exists'; readonly ref: number; readonly eid: number }
  /** `requires[index]` does not hold; `found` is what is there, if anything. */
  | { readonly kind: 'unmet'; readonly index: number; readonly found?: ItemRecord }
  /** The state has moved. */
  | { readonly kind: 'conflict'; readonly eid: number; readonly state: string; readonly expected: number; readonly actual: number };
