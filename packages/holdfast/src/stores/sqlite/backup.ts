import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../../errors/index.ts';
import { COLLECTION } from '../../store/index.ts';
import { openDatabase, publish, setStoreId, syncPath } from './database-file.ts';
import { quietMark } from './quiet-file.ts';

/** Copies the database in one read transaction, off the event loop, while others write. The copy is a store of its own and holds no leases. */
export async function backupDatabase(source: string, target: string): Promise<void> {
  const path = resolve(target);
  if (target === '' || existsSync(path)) throw taken(target);
  const building = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
  const mark = quietMark(source);
  const db = openDatabase(source, { readOnly: true, isQuiet: mark !== undefined });
  try {
    closeSync(openSync(building, 'wx', 0o600));
    // All pages in one step: copying in pieces would start over at each commit of another process.
    await backup(db, building, { rate: 2 ** 31 - 1 });
    if (mark !== undefined && quietMark(source) !== mark) throw writtenMeanwhile(source);
    makeOwnStore(building);
    if (!publish(building, path)) throw taken(target);
  } finally {
    db.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(building + suffix, { force: true });
  }
  syncPath(dirname(path));
}

function makeOwnStore(path: string): void {
  const db = new DatabaseSync(path);
  try {
    setStoreId(db, randomUUID());
    db.prepare('DELETE FROM item WHERE collection = ?').run(COLLECTION.lease);
  } finally {
    db.close();
  }
}

function taken(path: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', `A backup needs a path where nothing is yet; "${path}" is none.`, { argument: 'path' });
}

function writtenMeanwhile(source: string): HoldfastError {
  const message = `${source} was opened for writing while it was copied by somebody who only reads it; nothing was made, copy it again.`;
  return new HoldfastError('STORE_UNAVAILABLE', message, { store: source, outcome: 'not-written' });
}
