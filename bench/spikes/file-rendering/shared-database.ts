import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A directory that several processes share: the database is the truth, `state.json` is rendered from it. */
export interface Shared {
  readonly directory: string;
  readonly file: string;
  readonly db: DatabaseSync;
  /** Distinguishes the temporary files of this process from those of others. */
  readonly owner: string;
}

export function openShared(directory: string, owner = String(process.pid)): Shared {
  const db = new DatabaseSync(join(directory, 'state.db'), { timeout: 0 });
  untilNotBusy(() => db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL'));
  // Opening what is there writes nothing, so it needs no lock.
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rendered'").get())
    untilNotBusy(() =>
      db.exec(`
    CREATE TABLE IF NOT EXISTS head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), version INTEGER NOT NULL, bytes INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS rendered (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), version INTEGER NOT NULL, hash TEXT NOT NULL, next_version INTEGER NOT NULL, next_hash TEXT NOT NULL);
    INSERT OR IGNORE INTO head VALUES (1, 0, 1000);
    INSERT OR IGNORE INTO rendered VALUES (1, 0, '', 0, '')`),
    );
  return { directory, file: join(directory, 'state.json'), db, owner };
}

/** Runs `body` under the write lock of the database; waits for the lock as long as it takes. Answers how long the lock was held. */
export function locked<Result>(db: DatabaseSync, body: () => Result): { readonly result: Result; readonly heldMs: number } {
  untilNotBusy(() => db.exec('BEGIN IMMEDIATE'));
  const start = performance.now();
  try {
    const result = body();
    db.exec('COMMIT');
    return { result, heldMs: performance.now() - start };
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Makes the next version of the state. */
export function commitNext(db: DatabaseSync): void {
  locked(db, () => db.exec('UPDATE head SET version = version + 1'));
}

export function readHead(db: DatabaseSync): { readonly version: number; readonly bytes: number } {
  return db.prepare('SELECT version, bytes FROM head').get() as unknown as { version: number; bytes: number };
}

export interface Rendered {
  /** The version and hash of what the file is known to hold. */
  readonly version: number;
  readonly hash: string;
  /** What is about to be put there; equal to `version` when nothing is. */
  readonly next_version: number;
  readonly next_hash: string;
}

export function readRendered(db: DatabaseSync): Rendered {
  return db.prepare('SELECT version, hash, next_version, next_hash FROM rendered').get() as unknown as Rendered;
}

export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function untilNotBusy(action: () => void): void {
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, randomInt(200, 1_000) / 1_000);
    }
  }
}
