/**
 * What a program does at least that waits for another one: `raw-follower-main.ts file <directory>`, `raw-follower-main.ts sqlite <path>`,
 * `raw-follower-main.ts postgres <url> <schema>`.
 */
import { openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { monotonicMs } from './follower.ts';

const [kind = '', place = '', schema = ''] = process.argv.slice(2);

/** A signal says that a record was appended; it is read and told. */
function followFile(): () => void {
  const file = openSync(join(place, 'data'), 'r');
  const record = Buffer.alloc(4_096);
  const watcher = watch(join(place, 'signal'), () => {
    while (readSync(file, record, 0, record.length, null) === record.length) {
      process.send?.({ seq: record.readUInt32LE(0), atMs: monotonicMs() });
    }
  });
  return () => watcher.close();
}

/** The database file was touched: what is new is selected and told. */
function followSqlite(): () => void {
  const db = new DatabaseSync(place, { readOnly: true });
  const select = db.prepare(
    // CROSS JOIN: else it walks over all versions of the state.
    'SELECT l.seq, l.meta, c.body FROM commit_log l CROSS JOIN change c INDEXED BY change_by_version ON c.eid = 1 AND c.state = ? AND c.version = l.seq + 1 WHERE l.seq > ?',
  );
  let seen = (db.prepare('SELECT max(seq) AS seq FROM commit_log').get() as { seq: number }).seq;
  const watcher = watch(place, () => {
    for (const { seq, body } of select.all('tally', seen) as { seq: number; body: string }[]) {
      JSON.parse(body);
      seen = seq;
      process.send?.({ seq, atMs: monotonicMs() });
    }
  });
  return () => watcher.close();
}

async function followPostgres(): Promise<() => void> {
  const [listener, reader] = [new pg.Client(place), new pg.Client(place)];
  await Promise.all([listener.connect(), reader.connect()]);
  listener.on('notification', ({ payload }) => void tell(Number(payload)));
  await listener.query(`LISTEN ${schema}`);
  return () => void Promise.all([listener.end(), reader.end()]);

  async function tell(seq: number): Promise<void> {
    const text = `SELECT l.meta, c.body FROM ${schema}.commit_log l JOIN ${schema}.change c ON c.seq = l.seq WHERE l.seq = $1`;
    const { rows } = await reader.query<{ body: string }>({ name: 'read', text, values: [seq] });
    for (const { body } of rows) JSON.parse(body);
    process.send?.({ seq, atMs: monotonicMs() });
  }
}

const followers = { file: followFile, sqlite: followSqlite, postgres: followPostgres };
const stop = await followers[kind as keyof typeof followers]();
process.on('message', () => undefined);
process.on('disconnect', stop);
process.send?.('following');
