import { HoldfastError } from '../../errors/index.ts';
import {
  BatchCheck,
  COLLECTION,
  encodeIdempotency,
  expiryAt,
  leavesTrace,
  type BatchResult,
  type Change,
  type Commit,
  type Drop,
  type EntityCreation,
  type EntityRecord,
  type ItemPut,
  type ItemRecord,
  type Refusal,
  type Touch,
} from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { dropEntity } from './drop-entity.ts';
import { findEntity, findEntityByEid, findHead, findItem, writeHead, type HeadVersions } from './find-rows.ts';
import { changeSum, commitSum, entitySum, itemSum, type CommitDetails } from './rows.ts';

/** Writes the batch up to the first commit that is refused; within a transaction, which the caller keeps only when the answer is `ok`. */
export function commitBatch(db: Connection, batch: readonly Commit[], now: number): BatchResult {
  const writer = new BatchWriter(db, now);
  const seqs: number[] = [];
  for (const [index, commit] of batch.entries()) {
    const answer = writer.commit(commit);
    if (typeof answer !== 'number') return { ok: false, now, index, refusal: answer };
    seqs.push(answer);
  }
  writer.writeHeads();
  return { ok: true, now, seqs, created: [...writer.created].map(([ref, eid]) => ({ ref, eid })) };
}

/** Appends a commit to the log and answers its seq, which follows the last one whatever the clock says. */
export function appendCommit(
  db: Connection,
  seq: number,
  commit: { readonly commitId: string; readonly at: number; readonly details: CommitDetails },
): void {
  const row = { seq, commit_id: commit.commitId, at: commit.at, meta: JSON.stringify(commit.details) };
  db.run(
    'INSERT INTO commit_log (seq, commit_id, at, meta, sum) VALUES (?, ?, ?, ?, ?)',
    row.seq,
    row.commit_id,
    row.at,
    row.meta,
    commitSum(row),
  );
}

export function lastSeq(db: Connection): number {
  return db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM commit_log')?.seq ?? 0;
}

/** Checks and writes the commits of one batch. Knows the heads and entities it has met, so that each is read and written once. */
class BatchWriter extends BatchCheck {
  readonly #db: Connection;
  readonly #there = new Set<number>();
  readonly #heads = new Map<number, Map<string, HeadVersions & { readonly isNew: boolean }>>();
  #seq: number;

  constructor(db: Connection, now: number) {
    super(now);
    this.#db = db;
    this.#seq = lastSeq(db);
  }

  /**
   * Writes a commit and answers its seq, or why it may not be written. Its id is looked for only where something speaks against the commit: a fresh one
   * cannot be in the log, and of one that is there at the latest the log's index says so.
   */
  commit(commit: Commit): number | Refusal {
    try {
      this.#believeHeads(commit);
      const refusal = this.refusalOfFresh(commit);
      const found = refusal || !leavesTrace(commit) ? (this.already(commit) ?? refusal) : undefined;
      return found ?? this.#write(commit);
    } catch (error) {
      const already = this.#alreadyOrUnknown(commit);
      if (already) return already;
      throw error;
    }
  }

  #write(commit: Commit): number {
    const seq = leavesTrace(commit) ? this.#seq + 1 : 0;
    for (const creation of commit.creates) this.#create(creation);
    const changes = commit.changes.map((change) => ({ ...change, eid: this.eid(change.eid) }));
    for (const change of changes) this.#change(change, seq);
    for (const put of commit.puts) this.#put(put, seq);
    if (commit.idempotency) {
      const { eid, key, ttlMs } = commit.idempotency;
      this.#put({ eid, collection: COLLECTION.idempotency, key, body: encodeIdempotency(commit.idempotency), ttlMs }, seq);
    }
    for (const { eid, collection, key } of commit.deletes)
      this.#db.run('DELETE FROM item WHERE eid = ? AND collection = ? AND key = ?', this.eid(eid), collection, key);
    for (const touch of commit.touch) this.#touch(touch);
    const drops = commit.drops.map((eid) => this.#drop(this.eid(eid)));
    if (seq > 0) {
      const names = changes.map(({ eid, state, version }) => [eid, state, version] as const);
      const details = { ...commit.meta, ...(names.length > 0 && { changes: names }), ...(drops.length > 0 && { drops }) };
      appendCommit(this.#db, seq, { commitId: commit.commitId, at: this.now, details });
      this.#seq = seq;
    }
    return seq;
  }

  /** What has the version that was expected is there: its entity need not be looked up as well. */
  #believeHeads({ expects }: Commit): void {
    for (const { eid, state, version } of expects)
      if (eid > 0 && version > 0 && this.headVersion(eid, state) === version) this.#there.add(eid);
  }

  /** After a failure, which is what is told where the log cannot be asked either. */
  #alreadyOrUnknown(commit: Commit): Refusal | undefined {
    try {
      return this.already(commit);
    } catch {
      return undefined;
    }
  }

  /** Once per state, however many commits of the batch moved it. */
  writeHeads(): void {
    for (const [eid, states] of this.#heads) {
      for (const [state, head] of states) if (head.isNew) writeHead(this.#db, eid, state, head);
    }
  }

  #create({ ref, scope, id, parent, subject, origin, ttlMs }: EntityCreation): void {
    if (this.isMade(ref)) return;
    const lifetime = ttlMs === undefined ? ([null, null] as const) : ([Math.ceil(ttlMs), expiryAt(this.now, ttlMs)] as const);
    const row = {
      scope,
      id,
      parent: parent === undefined ? null : this.eid(parent),
      subject: subject ?? null,
      origin: origin ? JSON.stringify(origin) : null,
      ttl_ms: lifetime[0],
      expires_at: lifetime[1],
    };
    const inserted = this.#db.get<{ eid: number }>(
      'INSERT INTO entity (scope, id, parent, subject, origin, ttl_ms, expires_at, sum) VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING eid',
      row.scope,
      row.id,
      row.parent,
      row.subject,
      row.origin,
      row.ttl_ms,
      row.expires_at,
    );
    const { eid } = inserted as { eid: number };
    this.#db.run('UPDATE entity SET sum = ? WHERE eid = ?', entitySum({ eid, ...row }), eid);
    this.created.set(ref, eid);
    this.#there.add(eid);
  }

  #change(change: Change, seq: number): void {
    const { eid, state, version, defVersion, kind, body } = change;
    const head = this.#head(eid, state);
    if (version <= head.version)
      throw new HoldfastError('INVALID_ARGUMENT', `Version ${version} of ${state} is not behind its head ${head.version}.`, {
        argument: 'changes',
      });
    const sum = changeSum({ eid, state, version, seq, def_version: defVersion, kind, body });
    this.#db.run(
      'INSERT INTO change (eid, state, version, seq, def_version, kind, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      eid,
      state,
      version,
      seq,
      defVersion,
      kind,
      body,
      sum,
    );
    this.#heads.get(eid)?.set(state, { version, oldest: head.version === 0 ? version : head.oldest, isNew: true });
  }

  #put({ eid: ref, collection, key, body, ttlMs, keepRev }: ItemPut, seq: number): void {
    const eid = this.eid(ref);
    const rev = (keepRev ? this.liveItem(eid, collection, key)?.rev : undefined) ?? seq;
    const row = { eid, collection, key, rev, expires_at: ttlMs === undefined ? null : expiryAt(this.now, ttlMs), body };
    this.#db.run(
      `INSERT INTO item (eid, collection, key, rev, expires_at, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (eid, collection, key) DO UPDATE SET rev = excluded.rev, expires_at = excluded.expires_at, body = excluded.body, sum = excluded.sum`,
      eid,
      collection,
      key,
      rev,
      row.expires_at,
      body,
      itemSum(row),
    );
  }

  #touch({ eid, ttlMs }: Touch): void {
    const { scope, id, parent = null, subject = null, origin, eid: known } = findEntityByEid(this.#db, this.eid(eid)) as EntityRecord;
    const lifetime =
      ttlMs === null ? { ttl_ms: null, expires_at: null } : { ttl_ms: Math.ceil(ttlMs), expires_at: expiryAt(this.now, ttlMs) };
    const sum = entitySum({ eid: known, scope, id, parent, subject, origin: origin ? JSON.stringify(origin) : null, ...lifetime });
    this.#db.run('UPDATE entity SET ttl_ms = ?, expires_at = ?, sum = ? WHERE eid = ?', lifetime.ttl_ms, lifetime.expires_at, sum, known);
  }

  #drop(eid: number): Drop {
    this.#there.delete(eid);
    this.#heads.delete(eid);
    return dropEntity(this.#db, findEntityByEid(this.#db, eid) as EntityRecord);
  }

  protected override findSeq(commitId: string): number | undefined {
    return this.#db.get<{ seq: number }>('SELECT seq FROM commit_log WHERE commit_id = ?', commitId)?.seq;
  }

  protected override hasEntity(eid: number): boolean {
    if (this.#there.has(eid)) return true;
    const isThere = findEntityByEid(this.#db, eid) !== undefined;
    if (isThere) this.#there.add(eid);
    return isThere;
  }

  protected override findEid(scope: string, id: string): number | undefined {
    return findEntity(this.#db, scope, id)?.eid;
  }

  protected override findItem(eid: number, collection: string, key: string): ItemRecord | undefined {
    return findItem(this.#db, eid, collection, key);
  }

  protected override headVersion(eid: number, state: string): number {
    return this.#head(eid, state).version;
  }

  #head(eid: number, state: string): HeadVersions {
    const states = this.#heads.get(eid) ?? new Map<string, HeadVersions & { isNew: boolean }>();
    this.#heads.set(eid, states);
    const known = states.get(state) ?? { ...findHead(this.#db, eid, state), isNew: false };
    states.set(state, known);
    return known;
  }
}
