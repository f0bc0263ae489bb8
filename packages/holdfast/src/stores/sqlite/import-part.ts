import {
  checksum,
  damaged,
  notEmpty,
  type Change,
  type EntityRecord,
  type ImportPart,
  type ItemRecord,
  type LoggedCommit,
} from '../../store/index.ts';
import { writeSnapshot } from './compact.ts';
import type { Connection } from './connection.ts';
import { findHead, writeHead } from './find-rows.ts';
import { entitySum, itemSum } from './rows.ts';
import { appendCommit, insertChange, lastSeq } from './write-log.ts';

const KEY = 'importing';
const HAS_WHOLE = "SELECT version FROM change WHERE eid = ? AND state = ? AND version = ? AND kind = 'full'";

/** Marks an empty store as one that is being imported into, within a transaction. @throws {HoldfastError} INVALID_ARGUMENT when it is not empty. */
export function beginImport(db: Connection): void {
  if (readStanding(db) !== undefined) return;
  if (lastSeq(db) > 0) throw notEmpty(db.name);
  writeStanding(db, '');
}

/** How far an import has come that has not ended; undefined when there is none. */
export function readStanding(db: Connection): string | undefined {
  const row = db.get<{ value: string; sum: number }>('SELECT value, sum FROM meta WHERE key = ?', KEY);
  if (row && checksum([KEY], row.value) !== row.sum) throw damaged('how far the import has come');
  return row?.value;
}

export function endImport(db: Connection): void {
  db.run('DELETE FROM meta WHERE key = ?', KEY);
}

/** Writes the part within a transaction. */
export function importPart(db: Connection, part: ImportPart): void {
  const { entities = [], commits = [], snapshots = [], items = [] } = part;
  if (part.clear) for (const table of ['change', 'snapshot', 'head', 'item', 'entity', 'commit_log']) db.run(`DELETE FROM ${table}`);
  for (const entity of entities) insertEntity(db, entity);
  for (const commit of commits) insertCommit(db, commit);
  for (const snapshot of snapshots) if (!db.get(HAS_WHOLE, snapshot.eid, snapshot.state, snapshot.version)) writeSnapshot(db, snapshot);
  for (const item of items) insertItem(db, item);
  writeStanding(db, part.standing);
}

function writeStanding(db: Connection, standing: string): void {
  db.run('INSERT OR REPLACE INTO meta (key, value, sum) VALUES (?, ?, ?)', KEY, standing, checksum([KEY], standing));
}

function insertEntity(db: Connection, entity: EntityRecord): void {
  const { eid, scope, id, parent = null, subject = null, ttlMs = null, expiresAt = null } = entity;
  const origin = entity.origin ? JSON.stringify(entity.origin) : null;
  const sum = entitySum({ eid, scope, id, parent, subject, origin, ttl_ms: ttlMs, expires_at: expiresAt });
  db.run(
    'INSERT INTO entity (eid, scope, id, parent, subject, origin, ttl_ms, expires_at, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    eid,
    scope,
    id,
    parent,
    subject,
    origin,
    ttlMs,
    expiresAt,
    sum,
  );
}

function insertCommit(db: Connection, { seq, commitId, at, changes, drops, ...meta }: LoggedCommit): void {
  for (const change of changes) importChange(db, change, seq);
  for (const { eid } of drops) useEid(db, eid);
  appendCommit(db, { seq, commitId, at, meta, changes, drops });
}

function importChange(db: Connection, change: Change, seq: number): void {
  const { eid, state, version } = change;
  const head = findHead(db, eid, state);
  insertChange(db, change, seq);
  writeHead(db, { eid, state, version, oldest: head.version === 0 ? version : head.oldest });
}

function insertItem(db: Connection, item: ItemRecord): void {
  const { eid, collection, key, rev, body, expiresAt = null } = item;
  const sum = itemSum({ eid, collection, key, rev, expires_at: expiresAt, body });
  db.run(
    'INSERT INTO item (eid, collection, key, rev, expires_at, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    eid,
    collection,
    key,
    rev,
    expiresAt,
    body,
    sum,
  );
}

/** Entities that were deleted keep their eids: none is given out twice. */
function useEid(db: Connection, eid: number): void {
  if (db.run("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'entity'", eid) === 0)
    db.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('entity', ?)", eid);
}
