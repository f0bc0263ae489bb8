import { copyStore } from 'holdfast';
import { memory } from 'holdfast/memory';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { everythingOf, fillEverything } from '../support/full-store.ts';
import { freshDatabase } from '../support/test-store.ts';
import { testKeys } from '../unit/secret/config.ts';

const pool = new pg.Pool({ connectionString: inject('postgresUrl') });
afterAll(() => pool.end());

test('a store moves from SQLite to Postgres and back, and says the same everywhere', async () => {
  const keys = testKeys();
  const source = sqlite(freshDatabase());
  const since = await fillEverything(source, keys);
  const expected = await everythingOf(source, keys, since);
  const [moved, back] = [postgres({ client: pool, schema: 'moved' }), memory()];
  const [there, again] = [await copyStore(source, moved), await copyStore(moved, back)];
  expect(await everythingOf(moved, keys, since)).toEqual(expected);
  expect(await everythingOf(back, keys, since)).toEqual(expected);
  expect(again).toEqual(there);
  const { rows } = await pool.query("SELECT proname FROM pg_proc WHERE proname = 'import_part'");
  expect(rows).toEqual([]);
});

test('a Postgres store that is half a copy is gone on with', async () => {
  const keys = testKeys();
  const source = memory();
  const since = await fillEverything(source, keys);
  const expected = await everythingOf(source, keys, since);
  const target = postgres({ client: pool, schema: 'halves' });
  const abort = new AbortController();
  const stop = ({ records }: { records: number }): void => void (records > 5 && abort.abort(new Error('enough')));
  await expect(copyStore(source, target, { signal: abort.signal, onProgress: stop })).rejects.toThrow('enough');
  await expect(target.open()).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
  expect(await copyStore(source, target)).toMatchObject({ resumed: true });
  expect(await everythingOf(target, keys, since)).toEqual(expected);
});
