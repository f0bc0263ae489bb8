import { HoldfastError } from '../../errors/index.ts';
import { checksum } from '../../store/index.ts';
import type { Connection } from '../sqlite/connection.ts';
import { FILE_FORMAT, FILE_SCHEMA } from './schema.ts';
import type { RecordedValue } from './state-text.ts';

/** What is known of one file. */
export interface RenderedRow {
  readonly eid: number;
  readonly state: string;
  readonly path: string;
  /** Of the state, in the file; 0 while nothing was rendered. */
  readonly version: number;
  /** Of the file's bytes; empty while there is none. */
  readonly hash: string;
  /** What is about to be put there; the same when nothing is. */
  readonly next_version: number;
  readonly next_hash: string;
  /** JSON of a recorded value: an edit that is in the file and committed, so that the next edit is compared with it. */
  readonly taken: string | null;
  readonly revision: number;
}

export type StateKey = Pick<RenderedRow, 'eid' | 'state'>;

const BEHIND = `
SELECT head.eid, head.state FROM head LEFT JOIN rendered USING (eid, state)
WHERE rendered.version IS NULL OR rendered.version <> head.version OR rendered.next_hash <> rendered.hash OR rendered.taken IS NOT NULL`;
const GONE = 'SELECT rendered.* FROM rendered LEFT JOIN head USING (eid, state) WHERE head.version IS NULL';

/**
 * Makes the table where it is not there yet. Answers whether this store's files were never looked at: it is new, or a copy.
 * @throws {HoldfastError} NEWER_VERSION.
 */
export function openRendered(db: Connection, storeId: string): { readonly isFirst: boolean } {
  const known = knownStore(db);
  if (known && known.format > FILE_FORMAT) {
    const message = `The files of ${db.name} have format ${known.format}, this program knows ${FILE_FORMAT}; use a newer version of Holdfast.`;
    throw new HoldfastError('NEWER_VERSION', message, { what: db.name, found: known.format, known: FILE_FORMAT });
  }
  db.run(FILE_SCHEMA);
  if (known?.storeId === storeId) return { isFirst: false };
  db.run('DELETE FROM rendered');
  return { isFirst: true };
}

/** From now on the files belong to this store. */
export function claimFiles(db: Connection, storeId: string): void {
  const value = JSON.stringify({ format: FILE_FORMAT, storeId });
  db.run("INSERT OR REPLACE INTO meta (key, value, sum) VALUES ('files', ?, ?)", value, checksum(['files'], value));
}

function knownStore(db: Connection): { readonly format: number; readonly storeId: string } | undefined {
  const row = db.get<{ value: string; sum: number }>("SELECT value, sum FROM meta WHERE key = 'files'");
  if (!row || typeof row.value !== 'string' || checksum(['files'], row.value) !== row.sum) return undefined;
  return JSON.parse(row.value) as { format: number; storeId: string };
}

/** States whose file does not hold their head, as far as the records say. */
export function findBehind(db: Connection): readonly StateKey[] {
  return db.all<StateKey>(BEHIND);
}

/** Files of states that were deleted. */
export function findGone(db: Connection): readonly RenderedRow[] {
  return db.all<RenderedRow & { sum: number }>(GONE);
}

/** A damaged row counts as none: what is in the file is then compared with the head. */
export function findRendered(db: Connection, { eid, state }: StateKey): RenderedRow | undefined {
  return sound(db.get<RenderedRow & { sum: number }>('SELECT * FROM rendered WHERE eid = ? AND state = ?', eid, state));
}

export function findRenderedAt(db: Connection, path: string): RenderedRow | undefined {
  return sound(db.get<RenderedRow & { sum: number }>('SELECT * FROM rendered WHERE path = ?', path));
}

export function allRendered(db: Connection): readonly RenderedRow[] {
  return db.all<RenderedRow & { sum: number }>('SELECT * FROM rendered').flatMap((row) => sound(row) ?? []);
}

export function renderedPaths(db: Connection): readonly string[] {
  return db.all<Pick<RenderedRow, 'path'>>('SELECT path FROM rendered').map(({ path }) => path);
}

export function writeRendered(db: Connection, row: RenderedRow): void {
  const { eid, state, path, version, hash, next_version, next_hash, taken, revision } = row;
  db.run('DELETE FROM rendered WHERE eid = ? AND state = ?', eid, state);
  db.run(
    'INSERT INTO rendered (eid, state, path, version, hash, next_version, next_hash, taken, revision, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    eid,
    state,
    path,
    version,
    hash,
    next_version,
    next_hash,
    taken,
    revision,
    sumOf(row),
  );
}

export function deleteRendered(db: Connection, { eid, state }: StateKey): void {
  db.run('DELETE FROM rendered WHERE eid = ? AND state = ?', eid, state);
}

/** The row once it is known that the file holds these bytes of this version. */
export function settled(row: RenderedRow, version: number, hash: string): RenderedRow {
  return { ...row, version, hash, next_version: version, next_hash: hash, taken: null, revision: row.revision + 1 };
}

/** The row of a state whose file nobody has written yet. Revisions begin with the time, so that none comes twice when a row is made anew. */
export function freshRow({ eid, state }: StateKey, path: string): RenderedRow {
  return { eid, state, path, version: 0, hash: '', next_version: 0, next_hash: '', taken: null, revision: Date.now() };
}

export function isKnown({ hash, next_hash }: RenderedRow, found: string): boolean {
  return found === hash || found === next_hash;
}

export function takenValue({ taken }: RenderedRow): RecordedValue | undefined {
  return taken === null ? undefined : (JSON.parse(taken) as RecordedValue);
}

function sound(row: (RenderedRow & { readonly sum: number }) | undefined): RenderedRow | undefined {
  return row && sumOf(row) === row.sum ? row : undefined;
}

function sumOf({ eid, state, path, version, hash, next_version, next_hash, taken, revision }: RenderedRow): number {
  return checksum([eid, state, path, version, hash, next_version, next_hash, revision], taken ?? '');
}
