import { DatabaseSync } from 'node:sqlite';
import { WorkbenchError } from './workbench-error.ts';

const BUSY_TIMEOUT_MS = 10_000;

export interface OwnDatabaseOptions {
  /** What it is for, unique in its file: tables of others, older systems' among them, are left alone. */
  readonly name: string;
  /** The file; made if need be. */
  readonly path: string;
  /** Scripts that lead from one version of the tables to the next; only ever added to. */
  readonly versions: readonly string[];
}

/**
 * Opens a SQLite database with tables of the Workbench's own, in WAL mode, safe between processes, and brings the tables to their newest version.
 * @throws {WorkbenchError} UNAVAILABLE when it is damaged or cannot be opened, REFUSED when a newer program made it; the file stays as it is.
 */
export function openOwnDatabase({ name, path, versions }: OwnDatabaseOptions): DatabaseSync {
  const db = openFile(path);
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON`);
    db.exec('BEGIN IMMEDIATE');
    db.exec('CREATE TABLE IF NOT EXISTS workbench_schema (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID');
    const found = Number(db.prepare('SELECT version FROM workbench_schema WHERE name = ?').get(name)?.['version'] ?? 0);
    if (found > versions.length)
      throw new WorkbenchError(
        'REFUSED',
        `${path} has version ${found} of its tables, and this program knows ${versions.length}: use a newer one.`,
      );
    for (const script of versions.slice(found)) db.exec(script);
    db.prepare('INSERT INTO workbench_schema VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version').run(
      name,
      versions.length,
    );
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error instanceof WorkbenchError ? error : unavailable(path, error);
  }
}

/** Runs in one transaction, which is taken back when it throws. */
export function inTransaction<R>(db: DatabaseSync, work: () => R): R {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw unavailable(path, error);
  }
}

function unavailable(path: string, cause: unknown): WorkbenchError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError('UNAVAILABLE', `${path} cannot be used (${why}). It stays as it is: repair it, or move it away.`, { cause });
}
