import {
  BatchWriter,
  leavesTrace,
  type BatchResult,
  type Change,
  type Commit,
  type CommitEntry,
  type Drop,
  type EntityRecord,
  type ItemRecord,
  type Refusal,
} from '../../store/index.ts';
import type { Connection, Work } from './connection.ts';
import { dropEntity } from './drop-entity.ts';
import { findEntity, findEntityByEid, findItem, writeHead } from './find-rows.ts';
import { entitySum, itemSum } from './rows.ts';
import type { Head, KnownHeads } from './known-heads.ts';
import { appendCommit, insertChange } from './write-log.ts';

/** Writes the batch up to the first commit that is refused, as the work of a transaction that is kept only when the answer is `ok`. Heads that are known are not read. */
export function commitBatch(db: Connection, known: KnownHeads, batch: readonly Commit[], now: number): Work<BatchResult> {
  const writer = new RowWriter(db, known, now);
  const result = writer.commitAll(batch);
  if (result.ok) writer.writeHeads();
  return { keep: result.ok, result, committed: () => writer.confirm() };
}

/** Reads and writes each head and entity that its batch meets once. */
class RowWriter extends BatchWriter {
  readonly #db: Connection;
  readonly #there = new Set<number>();
  readonly #known: KnownHeads;
  readonly #moved = new Set<Head>();

  constructor(db: Connection, known: KnownHeads, now: number) {
    super(now, known.begin(db));
    this.#db = db;
    this.#known = known;
  }

  /** The transaction is committed. */
  confirm(): void {
    this.#known.confirm(this.#db, this.lastSeq);
  }

  /**
   * A commit's id is looked for only where something speaks against the commit: a fresh one cannot be in the log, and of one that is there at the latest
   * the log's index says so.
   */
  protected override commit(commit: Commit): number | Refusal {
    try {
      this.#believeHeads(commit);
      const refusal = this.refusalOfFresh(commit);
      const found = refusal || !leavesTrace(commit) ? (this.already(commit) ?? refusal) : undefined;
      return found ?? this.write(commit);
    } catch (error) {
      const already = this.#alreadyOrUnknown(commit);
      if (already) return already;
      throw error;
    }
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
    for (const head of this.#moved) writeHead(this.#db, head);
  }

  protected override entity(eid: number): EntityRecord {
    return findEntityByEid(this.#db, eid) as EntityRecord;
  }

  protected override addEntity(entity: Omit<EntityRecord, 'eid'>): number {
    const { scope, id, parent = null, subject = null, ttlMs = null, expiresAt = null } = entity;
    const origin = entity.origin ? JSON.stringify(entity.origin) : null;
    const inserted = this.#db.get<{ eid: number }>(
      'INSERT INTO entity (scope, id, parent, subject, origin, ttl_ms, expires_at, sum) VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING eid',
      scope,
      id,
      parent,
      subject,
      origin,
      ttlMs,
      expiresAt,
    );
    const { eid } = inserted as { eid: number };
    const sum = entitySum({ eid, scope, id, parent, subject, origin, ttl_ms: ttlMs, expires_at: expiresAt });
    this.#db.run('UPDATE entity SET sum = ? WHERE eid = ?', sum, eid);
    this.#there.add(eid);
    return eid;
  }

  protected override touchEntity(entity: EntityRecord): void {
    const { eid, scope, id, parent = null, subject = null, ttlMs = null, expiresAt = null } = entity;
    const origin = entity.origin ? JSON.stringify(entity.origin) : null;
    const sum = entitySum({ eid, scope, id, parent, subject, origin, ttl_ms: ttlMs, expires_at: expiresAt });
    this.#db.run('UPDATE entity SET ttl_ms = ?, expires_at = ?, sum = ? WHERE eid = ?', ttlMs, expiresAt, sum, eid);
  }

  protected override dropEntity(entity: EntityRecord): Drop {
    this.#there.delete(entity.eid);
    this.#known.forget(entity.eid);
    for (const head of this.#moved) if (head.eid === entity.eid) this.#moved.delete(head);
    return dropEntity(this.#db, entity);
  }

  protected override addChange(change: Change, seq: number): void {
    const { eid, state, version } = change;
    const head = this.#known.head(this.#db, eid, state);
    insertChange(this.#db, change, seq);
    if (head.version === 0) head.oldest = version;
    head.version = version;
    this.#moved.add(head);
  }

  protected override putItem(item: ItemRecord): void {
    const { eid, collection, key, rev, body, expiresAt = null } = item;
    this.#db.run(
      `INSERT INTO item (eid, collection, key, rev, expires_at, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (eid, collection, key) DO UPDATE SET rev = excluded.rev, expires_at = excluded.expires_at, body = excluded.body, sum = excluded.sum`,
      eid,
      collection,
      key,
      rev,
      expiresAt,
      body,
      itemSum({ eid, collection, key, rev, expires_at: expiresAt, body }),
    );
  }

  protected override deleteItem(eid: number, collection: string, key: string): void {
    this.#db.run('DELETE FROM item WHERE eid = ? AND collection = ? AND key = ?', eid, collection, key);
  }

  protected override addCommit(commit: CommitEntry): void {
    appendCommit(this.#db, commit);
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
    return this.#known.head(this.#db, eid, state).version;
  }
}
