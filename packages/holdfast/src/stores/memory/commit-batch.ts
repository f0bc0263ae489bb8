import { HoldfastError } from '../../errors/index.ts';
import {
  assertStorable,
  COLLECTION,
  decodeIdempotency,
  encodeIdempotency,
  expiryAt,
  isExpired,
  leavesTrace,
  mentionedEids,
  type BatchResult,
  type Commit,
  type EntityCreation,
  type EntityRecord,
  type ItemPut,
  type ItemRecord,
  type Refusal,
  type Touch,
} from '../../store/index.ts';
import type { Tables } from './tables.ts';

/** Writes the batch, or nothing of it; one synchronous block. */
export function commitBatch(tables: Tables, batch: readonly Commit[], now: number): BatchResult {
  assertStorable(batch);
  const writer = new BatchWriter(tables, now);
  const seqs: number[] = [];
  try {
    for (const [index, commit] of batch.entries()) {
      const refusal = writer.refusal(commit);
      if (refusal) return { ok: false, now, index, refusal };
      seqs.push(writer.write(commit));
    }
    tables.keep();
    return { ok: true, now, seqs, created: [...writer.created].map(([ref, eid]) => ({ ref, eid })) };
  } finally {
    tables.rollback();
  }
}

/** The transaction of one batch: each commit is checked, then written, before the next is looked at. */
class BatchWriter {
  readonly created: Map<number, number> = new Map();
  readonly #tables: Tables;
  readonly #now: number;

  constructor(tables: Tables, now: number) {
    this.#tables = tables;
    this.#now = now;
  }

  refusal(commit: Commit): Refusal | undefined {
    const seq = this.#tables.seqs.get(commit.commitId);
    if (seq !== undefined) return { kind: 'already', seq };
    return this.#usedKey(commit) ?? this.#goneOrThere(commit) ?? this.#unmet(commit) ?? this.#conflict(commit);
  }

  write(commit: Commit): number {
    const tables = this.#tables;
    const seq = leavesTrace(commit) ? tables.commits.length + 1 : 0;
    for (const creation of commit.creates) this.#create(creation);
    const changes = commit.changes.map((change) => ({ ...change, eid: this.#eid(change.eid) }));
    for (const change of changes) {
      const head = tables.states.get(change.eid)?.get(change.state)?.head ?? 0;
      if (change.version <= head)
        throw new HoldfastError('INVALID_ARGUMENT', `Version ${change.version} of ${change.state} is not behind its head ${head}.`, {
          argument: 'changes',
        });
      tables.addChange(change);
    }
    for (const put of commit.puts) this.#put(put, seq);
    if (commit.idempotency) {
      const { eid, key, ttlMs } = commit.idempotency;
      this.#put({ eid, collection: COLLECTION.idempotency, key, body: encodeIdempotency(commit.idempotency), ttlMs }, seq);
    }
    for (const { eid, collection, key } of commit.deletes) tables.deleteItem(this.#eid(eid), collection, key);
    for (const touch of commit.touch) this.#touch(touch);
    const drops = commit.drops.map((eid) => tables.dropEntity(tables.entities.get(this.#eid(eid)) as EntityRecord));
    if (seq > 0) tables.addCommit({ seq, commitId: commit.commitId, at: this.#now, meta: structuredClone(commit.meta), changes, drops });
    return seq;
  }

  #usedKey({ idempotency }: Commit): Refusal | undefined {
    const found = idempotency && this.#liveItem(idempotency.eid, COLLECTION.idempotency, idempotency.key);
    if (!found) return undefined;
    const { inputHash, body } = decodeIdempotency(found.body);
    return inputHash === idempotency.inputHash ? { kind: 'replay', body } : { kind: 'mismatch' };
  }

  #goneOrThere(commit: Commit): Refusal | undefined {
    const own = new Set(commit.creates.map(({ ref }) => ref));
    for (const eid of mentionedEids(commit)) {
      if (!own.has(eid) && !this.#tables.entities.has(this.#eid(eid))) return { kind: 'gone', eid };
    }
    const names = new Map<string, number>();
    for (const { ref, scope, id } of commit.creates) {
      if (this.#isMade(ref)) continue;
      const sameName = names.get(`${scope}\u0000${id}`);
      const eid = sameName === ref ? undefined : (sameName ?? this.#tables.names.get(`${scope}\u0000${id}`));
      if (eid !== undefined) return { kind: 'exists', ref, eid };
      names.set(`${scope}\u0000${id}`, ref);
    }
    return undefined;
  }

  /** Whether the batch has made the entity already, and not deleted it since. */
  #isMade(ref: number): boolean {
    const eid = this.created.get(ref);
    return eid !== undefined && this.#tables.entities.has(eid);
  }

  #unmet({ requires }: Commit): Refusal | undefined {
    for (const [index, { eid, collection, key, rev }] of requires.entries()) {
      const found = this.#liveItem(eid, collection, key);
      if ((found?.rev ?? 'absent') !== rev) return { kind: 'unmet', index, ...(found && { found }) };
    }
    return undefined;
  }

  #conflict({ expects }: Commit): Refusal | undefined {
    for (const { eid, state, version } of expects) {
      const known = this.#known(eid);
      const actual = known === undefined ? 0 : (this.#tables.states.get(known)?.get(state)?.head ?? 0);
      if (actual !== version) return { kind: 'conflict', eid, state, expected: version, actual };
    }
    return undefined;
  }

  #create({ ref, scope, id, parent, subject, origin, ttlMs }: EntityCreation): void {
    if (this.#isMade(ref)) return;
    const eid = this.#tables.addEntity({
      scope,
      id,
      ...(parent !== undefined && { parent: this.#eid(parent) }),
      ...(subject !== undefined && { subject }),
      ...(origin && { origin: structuredClone(origin) }),
      ...(ttlMs !== undefined && { ttlMs: Math.ceil(ttlMs), expiresAt: expiryAt(this.#now, ttlMs) }),
    });
    this.created.set(ref, eid);
  }

  #put({ eid, collection, key, body, ttlMs, keepRev }: ItemPut, seq: number): void {
    const rev = (keepRev ? this.#liveItem(eid, collection, key)?.rev : undefined) ?? seq;
    this.#tables.putItem({
      eid: this.#eid(eid),
      collection,
      key,
      rev,
      body,
      ...(ttlMs !== undefined && { expiresAt: expiryAt(this.#now, ttlMs) }),
    });
  }

  #touch({ eid, ttlMs }: Touch): void {
    const { ttlMs: _ttlMs, expiresAt: _expiresAt, ...entity } = this.#tables.entities.get(this.#eid(eid)) as EntityRecord;
    this.#tables.putEntity(ttlMs === null ? entity : { ...entity, ttlMs: Math.ceil(ttlMs), expiresAt: expiryAt(this.#now, ttlMs) });
  }

  #liveItem(eid: number, collection: string, key: string): ItemRecord | undefined {
    const known = this.#known(eid);
    const item = known === undefined ? undefined : this.#tables.item(known, collection, key);
    return item && !isExpired(item, this.#now) ? item : undefined;
  }

  /** The eid, unless it is the ref of an entity that is still to be created. */
  #known(eid: number): number | undefined {
    return eid < 0 ? this.created.get(eid) : eid;
  }

  #eid(eid: number): number {
    const known = this.#known(eid);
    if (known === undefined)
      throw new HoldfastError('INVALID_ARGUMENT', `No commit of the batch up to here creates the entity with the ref ${eid}.`, {
        argument: 'eid',
      });
    return known;
  }
}
