/** What a program does at least that waits for another one: `raw-follower-main.ts file <directory>`, `raw-follower-main.ts postgres <url> <schema>`. */
import { openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
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

async function followPostgres(): Promise<() => void> {
  const [listener, reader] = [new pg.Client(place), new pg.Client(place)];
  await Promise.all([listener.connect(), reader.connect()]);
  listener.on('notification', ({ payload }) => void tell(Number(payload)));
  await listener.query(`LISTEN ${schema}`);
  return () => void Promise.all([listener.end(), reader.end()]);

  async function tell(seq: number): Promise<void> {
    await reader.query({ name: 'read', text: `SELECT body FROM ${schema}.record WHERE seq = $1`, values: [seq] });
    process.send?.({ seq, atMs: monotonicMs() });
  }
}

const stop = kind === 'file' ? followFile() : await followPostgres();
process.on('message', () => undefined);
process.on('disconnect', stop);
process.send?.('following');
