import { notEmpty, type ImportPart, type LoggedCommit } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { underLock } from './open-schema.ts';
import { encodeSnapshotRow } from './rows.ts';

/**
 * What is in the schema only while a copy is made: a table that says how far it has come, and the function that takes a part. Their being there is
 * what keeps the store from being opened.
 */
const IMPORTING = `
CREATE TABLE holdfast.importing (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), standing text NOT NULL);
INSERT INTO holdfast.importing (standing) VALUES ('');

CREATE FUNCTION holdfast.import_part(part jsonb, wait_ms integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  newest_eid bigint;
BEGIN
  PERFORM holdfast.lock_writer(wait_ms);
  IF (part -> 'clear')::boolean THEN
    DELETE FROM holdfast.change;
    DELETE FROM holdfast.snapshot;
    DELETE FROM holdfast.head;
    DELETE FROM holdfast.item;
    DELETE FROM holdfast.dropped;
    DELETE FROM holdfast.entity;
    DELETE FROM holdfast.commit_log;
  END IF;
  INSERT INTO holdfast.entity (eid, scope, id, parent, subject, origin, ttl_ms, expires_at, sum)
  SELECT e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e."ttlMs", e."expiresAt",
         holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e."ttlMs", e."expiresAt")
    FROM jsonb_to_recordset(part -> 'entities')
      AS e (eid bigint, scope text, id text, parent bigint, subject text, origin text, "ttlMs" bigint, "expiresAt" bigint);
  INSERT INTO holdfast.commit_log (seq, commit_id, at, meta, sum)
  SELECT c.seq, c."commitId", c.at, c.meta, holdfast.commit_sum(c.seq, c."commitId", c.at, c.meta)
    FROM jsonb_to_recordset(part -> 'commits') AS c (seq bigint, "commitId" text, at bigint, meta text);
  PERFORM holdfast.write_changes(part -> 'changes', 0, '{}');
  INSERT INTO holdfast.dropped (eid, seq, n, scope, id, sum)
  SELECT d.eid, d.seq, d.n, d.scope, d.id, holdfast.dropped_sum(d.eid, d.seq, d.n, d.scope, d.id)
    FROM jsonb_to_recordset(part -> 'drops') AS d (eid bigint, seq bigint, n integer, scope text, id text);
  INSERT INTO holdfast.snapshot AS t (eid, state, version, def_version, codec, body, sum)
  SELECT DISTINCT ON (s.eid, s.state, s.version) s.eid, s.state, s.version, s."defVersion", s.codec, decode(s.body, 'base64'), s.sum
    FROM jsonb_to_recordset(part -> 'snapshots') AS s (eid bigint, state text, version bigint, "defVersion" bigint, codec text, body text, sum bigint)
   WHERE NOT EXISTS (SELECT FROM holdfast.change c WHERE c.eid = s.eid AND c.state = s.state AND c.version = s.version AND c.kind = 'full')
  ON CONFLICT (eid, state, version) DO UPDATE
    SET def_version = excluded.def_version, codec = excluded.codec, body = excluded.body, sum = excluded.sum;
  INSERT INTO holdfast.item (collection, eid, key, rev, body, expires_at, sum)
  SELECT i.collection, i.eid, i.key, i.rev, i.body, i."expiresAt", holdfast.item_sum(i.eid, i.collection, i.key, i.rev, i."expiresAt", i.body)
    FROM jsonb_to_recordset(part -> 'items') AS i (eid bigint, collection text, key text, rev bigint, body text, "expiresAt" bigint);
  -- Entities that were deleted keep their eids: none is given out twice.
  SELECT max(x.eid) INTO newest_eid FROM (
    SELECT (e ->> 'eid')::bigint AS eid FROM jsonb_array_elements(part -> 'entities') AS e
    UNION ALL SELECT (d ->> 'eid')::bigint FROM jsonb_array_elements(part -> 'drops') AS d) x;
  IF newest_eid IS NOT NULL THEN
    PERFORM setval('holdfast.entity_eid', greatest(newest_eid, (SELECT last_value FROM holdfast.entity_eid)));
  END IF;
  UPDATE holdfast.importing SET standing = part ->> 'standing';
  PERFORM holdfast.finish(false, NULL);
END $$;
`;

/** Marks an empty store as one that is being imported into. @throws {HoldfastError} INVALID_ARGUMENT when it is not empty. */
export async function beginImport(db: Connection): Promise<void> {
  const begin = `
  IF NOT EXISTS (SELECT FROM holdfast.commit_log) AND NOT EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${db.schema}' AND c.relname = 'importing') THEN
    EXECUTE $holdfast_schema$${IMPORTING}$holdfast_schema$;
  END IF;`;
  if ((await readStanding(db)) !== undefined) return;
  await db.write(underLock(db, begin));
  if ((await readStanding(db)) === undefined) throw notEmpty(db.name);
}

/** How far an import has come that has not ended; undefined when there is none. */
export async function readStanding(db: Connection): Promise<string | undefined> {
  const [found] = await db.read<{ readonly is_importing: boolean }>("SELECT to_regclass('holdfast.importing') IS NOT NULL AS is_importing");
  if (!found?.is_importing) return undefined;
  const [row] = await db.read<{ readonly standing: string }>('SELECT standing FROM holdfast.importing');
  return row?.standing;
}

/** Writes the part in one statement. */
export async function importPart(db: Connection, part: ImportPart): Promise<void> {
  const { clear, entities = [], commits = [], snapshots = [], items = [], standing } = part;
  const rows = {
    clear,
    entities: entities.map((entity) => ({ ...entity, origin: entity.origin && JSON.stringify(entity.origin) })),
    commits: commits.map(commitRow),
    changes: commits.flatMap(({ seq, changes }) => changes.map((change, n) => ({ ...change, n, seq }))),
    drops: commits.flatMap(({ seq, drops }) => drops.map((drop, index) => ({ ...drop, n: index + 1, seq }))),
    snapshots: snapshots.map(encodeSnapshotRow),
    items,
    standing,
  };
  await db.write('SELECT holdfast.import_part($1, $2)', [JSON.stringify(rows), db.lockTimeoutMs]);
}

/** The last commit that is durable makes those before it so. */
export async function endImport(db: Connection): Promise<void> {
  const end = 'DROP FUNCTION holdfast.import_part; DROP TABLE holdfast.importing; PERFORM holdfast.finish(true, NULL);';
  await db.write(underLock(db, end));
}

function commitRow({ seq, commitId, at, changes: _changes, drops: _drops, ...meta }: LoggedCommit): object {
  return { seq, commitId, at, meta: JSON.stringify(meta) };
}
