import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** How long another program may hold the database before reading it is given up; nothing else happens here meanwhile. */
const BUSY_MS = 100;
/** Place and value of SQLite's file header that say that there may be a write-ahead log. */
const WAL_AT = 18;
const WAL = 2;

/**
 * Reads a database of another program without a trace: even the files beside it that SQLite makes for a reader of a write-ahead log are only used where that program has
 * made them.
 * @throws {Error} of SQLite or of the file system; also when the program began to write in the middle of it.
 */
export function readDatabase<R>(path: string, read: (db: DatabaseSync) => R): R {
  const isAlone = isWithLog(path) && !existsSync(`${path}-wal`);
  if (!isAlone) return using(new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS }), read);
  const before = stampOf(path);
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const result = using(new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS }), read);
  if (existsSync(`${path}-wal`) || stampOf(path) !== before) throw new Error('It was opened by its program while it was read.');
  return result;
}

/** The text of a value, which may be stored as bytes. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

function using<R>(db: DatabaseSync, read: (db: DatabaseSync) => R): R {
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function isWithLog(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const version = Buffer.alloc(1);
    return readSync(file, version, 0, 1, WAL_AT) === 1 && version[0] === WAL;
  } finally {
    closeSync(file);
  }
}

function stampOf(path: string): string {
  const { ino, size, mtimeMs } = statSync(path);
  return `${ino} ${size} ${mtimeMs}`;
}
