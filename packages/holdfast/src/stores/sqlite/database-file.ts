import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { HoldfastError } from '../../errors/index.ts';
import { checksum } from '../../store/index.ts';
import { APPLICATION_ID, FORMAT, SCHEMA } from './schema.ts';

/** The database that the path leads to, symbolic links followed: its WAL lies beside it. */
export function realDatabasePath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

export interface OpenDatabaseOptions {
  readonly readOnly?: boolean;
  /** Nobody writes: reads without locks and without making a log. See {@link quietMark}. */
  readonly isQuiet?: boolean;
}

/** Opens a database that exists; one that has vanished is an error instead of a new and empty one. */
export function openDatabase(path: string, { readOnly = false, isQuiet = false }: OpenDatabaseOptions = {}): DatabaseSync {
  const url = pathToFileURL(path);
  if (!readOnly) url.searchParams.set('mode', 'rw');
  if (isQuiet) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly, timeout: 0, allowExtension: false });
}

/**
 * Makes an empty store where there is no file. It is built beside the path and linked there when it is whole and synced, so that
 * the path never leads to half a store, and of two processes one makes it.
 */
export function createWhereMissing(path: string): void {
  if (existsSync(path)) return;
  assertNoOrphanedLog(path);
  const building = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
  try {
    closeSync(openSync(building, 'wx', 0o600));
    const db = new DatabaseSync(building);
    db.exec(
      `PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT};`,
    );
    setStoreId(db, randomUUID());
    db.exec('COMMIT; PRAGMA journal_mode = WAL');
    db.close();
    publish(building, path);
  } finally {
    rmSync(building, { force: true });
  }
  syncPath(dirname(path));
}

/** @throws {HoldfastError} NOT_FOUND when there is no file. */
export function assertThere(path: string): void {
  if (existsSync(path)) return;
  assertNoOrphanedLog(path);
  throw new HoldfastError('NOT_FOUND', `There is no store at ${path} to read; open it for writing once to make it.`, { what: path });
}

function assertNoOrphanedLog(path: string): void {
  if (existsSync(`${path}-wal`) && !existsSync(path)) {
    throw notAStore(path, 'its write-ahead log is there, but the database itself is missing; put the database back or move the log away');
  }
}

/** Gives a finished file its name, unless something has that name already; answers whether it got it. */
export function publish(building: string, path: string): boolean {
  syncPath(building);
  try {
    linkSync(building, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

export function setStoreId(db: DatabaseSync, storeId: string): void {
  db.prepare("INSERT OR REPLACE INTO meta (key, value, sum) VALUES ('storeId', ?, ?)").run(storeId, checksum(['storeId'], storeId));
}

/**
 * Looks at a file without changing a byte of it.
 * @throws {HoldfastError} CORRUPT_STATE when it is no store of ours, NEWER_VERSION when it is one that this program cannot know.
 */
export function assertOurs(path: string, { isOnlyRead }: { readonly isOnlyRead: boolean }): void {
  const { size } = statSync(path);
  if (!statSync(path).isFile()) throw notAStore(path, 'it is no regular file');
  if (size === 0) throw notAStore(path, 'it is empty, which a store never is; restore it from a backup, or delete it to start afresh');
  // Closing the last writable connection would move a log into the database, so that one with a log is only read.
  const hasLog = existsSync(`${path}-wal`) || existsSync(`${path}-journal`);
  const db = openDatabase(path, { readOnly: isOnlyRead || hasLog, isQuiet: isOnlyRead && !hasLog });
  try {
    const found = headerOf(db, path);
    if (found.applicationId !== APPLICATION_ID) throw notAStore(path, 'it is a database of another application');
    assertKnownFormat(path, found.format);
    if (found.format === FORMAT) assertSchema(db, path);
  } finally {
    db.close();
  }
}

export function assertKnownFormat(path: string, format: number): void {
  if (format > FORMAT) {
    throw new HoldfastError(
      'NEWER_VERSION',
      `${path} has format ${format}, this program knows ${FORMAT}; use a newer version of Holdfast.`,
      { what: path, found: format, known: FORMAT },
    );
  }
}

export function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A damaged definition of a table or index could read sound records wrongly. Tables of others may stand beside ours. */
function assertSchema(db: DatabaseSync, path: string): void {
  const found = db.prepare('SELECT sql, rootpage FROM sqlite_schema WHERE sql IS NOT NULL').all() as { sql: string; rootpage: number }[];
  const sound = SCHEMA.split(';').every((wanted) => wanted.trim() === '' || found.some(({ sql }) => sql === wanted.trim()));
  if (!sound || new Set(found.map(({ rootpage }) => rootpage)).size < found.length)
    throw notAStore(path, 'the definition of its tables is damaged; restore it from a backup');
}

function headerOf(db: DatabaseSync, path: string): { applicationId: number; format: number } {
  try {
    const { application_id: applicationId } = db.prepare('PRAGMA application_id').get() as { application_id: number };
    const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    return { applicationId, format };
  } catch (cause) {
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === 26) throw notAStore(path, 'it is no SQLite database', cause);
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === 776)
      throw notAStore(path, 'a rollback journal lies beside it, which no store of ours has', cause);
    throw cause;
  }
}

function notAStore(path: string, reason: string, cause?: unknown): HoldfastError {
  return new HoldfastError(
    'CORRUPT_STATE',
    `${path} cannot be used as a store: ${reason}. Nothing was changed.`,
    { what: path },
    { cause },
  );
}
