import { HoldfastError } from '../errors/index.ts';
import { COLLECTION } from './collections.ts';
import type { Commit, Refusal } from './commit.ts';
import { isExpired } from './expiry.ts';
import { decodeIdempotency } from './idempotency-item.ts';
import { findMentioned } from './mentioned-eids.ts';
import type { ItemRecord } from './records.ts';

/**
 * The checks of a commit, in the order that the port says, for stores whose transaction is a piece of synchronous code. A store adds
 * the look-ups, which see what the batch has written up to here, and writes what is not refused.
 */
export abstract class BatchCheck {
  /** The eids given to the refs of the batch. */
  readonly created: Map<number, number> = new Map();
  protected readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  protected abstract findSeq(commitId: string): number | undefined;
  protected abstract hasEntity(eid: number): boolean;
  protected abstract findEid(scope: string, id: string): number | undefined;
  protected abstract findItem(eid: number, collection: string, key: string): ItemRecord | undefined;
  /** 0 for a state without a version. */
  protected abstract headVersion(eid: number, state: string): number;

  /** Why the commit may not be written; undefined when it may. */
  refusal(commit: Commit): Refusal | undefined {
    return this.already(commit) ?? this.refusalOfFresh(commit);
  }

  /** Whether its id is in the log. */
  protected already({ commitId }: Commit): Refusal | undefined {
    const seq = this.findSeq(commitId);
    return seq === undefined ? undefined : { kind: 'already', seq };
  }

  /** All checks but that of its id, which is known not to be in the log, or looked for later. */
  protected refusalOfFresh(commit: Commit): Refusal | undefined {
    return this.#usedKey(commit) ?? this.#gone(commit) ?? this.#exists(commit) ?? this.#unmet(commit) ?? this.#conflict(commit);
  }

  /** The eid of an eid or ref. @throws {HoldfastError} INVALID_ARGUMENT for a ref that nobody has created. */
  protected eid(eid: number): number {
    const known = this.#known(eid);
    if (known === undefined)
      throw new HoldfastError('INVALID_ARGUMENT', `No commit of the batch up to here creates the entity with the ref ${eid}.`, {
        argument: 'eid',
      });
    return known;
  }

  /** Whether the batch has made the entity already, and not deleted it since. */
  protected isMade(ref: number): boolean {
    const eid = this.created.get(ref);
    return eid !== undefined && this.hasEntity(eid);
  }

  /** The item, unless it has expired. */
  protected liveItem(eid: number, collection: string, key: string): ItemRecord | undefined {
    const known = this.#known(eid);
    const item = known === undefined ? undefined : this.findItem(known, collection, key);
    return item && !isExpired(item, this.now) ? item : undefined;
  }

  #usedKey({ idempotency }: Commit): Refusal | undefined {
    const found = idempotency && this.liveItem(idempotency.eid, COLLECTION.idempotency, idempotency.key);
    if (!found) return undefined;
    const { inputHash, body } = decodeIdempotency(found.body);
    return inputHash === idempotency.inputHash ? { kind: 'replay', body } : { kind: 'mismatch' };
  }

  #gone(commit: Commit): Refusal | undefined {
    const own = commit.creates.length > 0 ? new Set(commit.creates.map(({ ref }) => ref)) : undefined;
    const eid = findMentioned(commit, (each) => !own?.has(each) && !this.hasEntity(this.eid(each)));
    return eid === undefined ? undefined : { kind: 'gone', eid };
  }

  #exists({ creates, absent }: Commit): Refusal | undefined {
    if (creates.length === 0 && absent.length === 0) return undefined;
    const names = new Map<string, number>();
    for (const { ref, scope, id } of creates) {
      if (this.isMade(ref)) continue;
      const sameName = names.get(`${scope}\u0000${id}`);
      const eid = sameName === ref ? undefined : (sameName ?? this.findEid(scope, id));
      if (eid !== undefined) return { kind: 'exists', ref, eid };
      names.set(`${scope}\u0000${id}`, ref);
    }
    for (const { ref, scope, id } of absent) {
      const eid = this.findEid(scope, id);
      if (eid !== undefined) return { kind: 'exists', ref, eid };
    }
    return undefined;
  }

  #unmet({ requires }: Commit): Refusal | undefined {
    for (const [index, { eid, collection, key, rev }] of requires.entries()) {
      const found = this.liveItem(eid, collection, key);
      if ((found?.rev ?? 'absent') !== rev) return { kind: 'unmet', index, ...(found && { found }) };
    }
    return undefined;
  }

  #conflict({ expects }: Commit): Refusal | undefined {
    for (const { eid, state, version } of expects) {
      const known = this.#known(eid);
      const actual = known === undefined ? 0 : this.headVersion(known, state);
      if (actual !== version) return { kind: 'conflict', eid, state, expected: version, actual };
    }
    return undefined;
  }

  /** The eid, unless it is the ref of an entity that is still to be created. */
  #known(eid: number): number | undefined {
    return eid < 0 ? this.created.get(eid) : eid;
  }
}
