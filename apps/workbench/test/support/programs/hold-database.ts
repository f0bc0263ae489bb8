/**
 * Opens the SQLite database at argv[2] and obeys its standard input, answering each line with JSON: `write <json>` puts it as Cursor's record of chats into the write-ahead log,
 * `lock` holds the database exclusively.
 */
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { writeRecord } from '../cursor-stand-in.ts';

const db = new DatabaseSync(process.argv[2] ?? '');
db.exec('PRAGMA wal_autocheckpoint = 0');
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', ...rest] = line.split(' ');
  if (task === 'write') writeRecord(db, rest.join(' '));
  if (task === 'lock') db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  process.stdout.write('true\n');
}
