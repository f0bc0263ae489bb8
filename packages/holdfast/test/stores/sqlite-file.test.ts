import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError } from '../../src/errors/index.ts';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitOf, creation } from '../support/store-records.ts';

let directory: string;
let path: string;
const opened: Store[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-file-'));
  path = join(directory, 'bar.db');
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(options: Parameters<typeof sqlite>[1] = {}, at = path): Promise<Store> {
  const store = sqlite(at, options);
  opened.push(store);
  await store.open();
  return store;
}

/** Whatever lies in the directory, byte by byte; SQLite's shared-memory file is no data. */
function files(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(directory, name)).toString('base64')]),
  );
}

/** The code with which opening fails; whatever lies there stays as it was. */
async function codeOfOpening(at = path): Promise<string> {
  const before = files();
  const store = sqlite(at);
  const code = await store.open().then(
    () => 'opened',
    (error: unknown) => (isHoldfastError(error) ? error.code : String(error)),
  );
  await store.close();
  expect(files()).toEqual(before);
  return code;
}

describe('the file', () => {
  test('is readable and writable by its owner only, with its log and shared memory', async () => {
    await open();
    for (const name of readdirSync(directory)) expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readdirSync(directory).toSorted()).toEqual(['bar.db', 'bar.db-shm', 'bar.db-wal']);
  });

  test('is alone in its directory after the store was closed', async () => {
    const store = await open();
    await store.commit([creation('a')]);
    await store.close();
    expect(readdirSync(directory)).toEqual(['bar.db']);
  });

  test('is marked as ours, in write-ahead mode', async () => {
    await (await open()).close();
    const db = new DatabaseSync(path, { readOnly: true });
    expect({
      ...db.prepare('PRAGMA application_id').get(),
      ...db.prepare('PRAGMA user_version').get(),
      ...db.prepare('PRAGMA journal_mode').get(),
    }).toEqual({ application_id: 0x48_4f_4c_44, user_version: 1, journal_mode: 'wal' });
    db.close();
  });

  test('is found through a symbolic link, by two stores at once', async () => {
    const link = join(directory, 'link.db');
    const store = await open();
    symlinkSync(path, link);
    const other = await open({}, link);
    await other.commit([creation('a')]);
    expect(await store.entity('team', 'a')).toBeDefined();
  });

  test('is made once when several stores open it at the same moment', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
    const ids = await Promise.all(stores.map(async (store) => (await store.open()).storeId));
    expect(new Set(ids).size).toBe(1);
  });

  test('may hold tables of others beside ours', async () => {
    await (await open()).close();
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE message (body TEXT); CREATE INDEX message_by_body ON message (body)');
    db.close();
    const store = await open();
    expect((await store.commit([creation('a')])).ok).toBe(true);
  });
});

describe('opening refuses and leaves untouched', () => {
  test('a file that is no database', async () => {
    writeFileSync(path, 'toast: 3\n'.repeat(500));
    expect(await codeOfOpening()).toBe('CORRUPT_STATE');
  });

  test('a short file that is no database', async () => {
    writeFileSync(path, 'x');
    expect(await codeOfOpening()).toBe('CORRUPT_STATE');
  });

  test('an empty file, which a truncated store would be', async () => {
    writeFileSync(path, '');
    expect(await codeOfOpening()).toBe('CORRUPT_STATE');
  });

  test('a directory', async () => {
    mkdirSync(path);
    await expect(sqlite(path).open()).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
  });

  test('a log whose database is missing', async () => {
    writeFileSync(`${path}-wal`, 'some log');
    expect(await codeOfOpening()).toBe('CORRUPT_STATE');
  });

  for (const journal of ['DELETE', 'WAL']) {
    test(`a database of another application in ${journal} mode`, async () => {
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA application_id = 7; CREATE TABLE t (a); INSERT INTO t VALUES (1)`);
      db.close();
      expect(await codeOfOpening()).toBe('CORRUPT_STATE');
    });

    test(`a database of another application in ${journal} mode that is in use`, async () => {
      const db = new DatabaseSync(path);
      db.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); COMMIT`);
      expect(await codeOfOpening()).toBe('CORRUPT_STATE');
      db.exec('INSERT INTO t VALUES (2)');
      expect(db.prepare('SELECT count(*) AS n FROM t').get()).toMatchObject({ n: 2 });
      db.close();
    });
  }

  test('a store of a newer format', async () => {
    await (await open()).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 2');
    db.close();
    expect(await codeOfOpening()).toBe('NEWER_VERSION');
  });

  test('a store whose tables were redefined', async () => {
    await (await open()).close();
    const db = new DatabaseSync(path);
    db.exec('DROP INDEX entity_by_id');
    db.close();
    expect(await codeOfOpening()).toBe('CORRUPT_STATE');
  });

  test('a path in a directory that is not there', async () => {
    expect(await codeOfOpening(join(directory, 'no', 'bar.db'))).toBe('STORE_UNAVAILABLE');
  });
});

test('refuses an empty path, and points to memory() for one in memory', () => {
  for (const bad of ['', ':memory:', ':memory:?cache=shared', 'a\u0000b']) {
    expect(() => sqlite(bad)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

test('says STORE_UNAVAILABLE, with nothing written, when another process keeps the lock for too long, and goes on afterwards', async () => {
  const store = await open({ busyTimeoutMs: 60 });
  const holder = new DatabaseSync(path);
  holder.exec('BEGIN IMMEDIATE');
  await assert.rejects(
    store.commit([creation('a')]),
    (error) => isHoldfastError(error, 'STORE_UNAVAILABLE') && error.data.outcome === 'not-written',
  );
  expect(await store.entity('team', 'a')).toBeUndefined();
  holder.exec('COMMIT');
  holder.close();
  expect((await store.commit([creation('a')])).ok).toBe(true);
});

test('leaves the event loop free while it waits for another process', async () => {
  const store = await open({ busyTimeoutMs: 5_000 });
  const holder = new DatabaseSync(path);
  holder.exec('BEGIN IMMEDIATE');
  const writing = store.commit([creation('a')]);
  let turns = 0;
  for (const start = performance.now(); performance.now() - start < 100; turns += 1) await sleep(1);
  holder.exec('COMMIT');
  holder.close();
  expect((await writing).ok).toBe(true);
  expect(turns).toBeGreaterThan(10);
});

test('answers CLOSED to a commit that waits for another process when it is closed', async () => {
  const store = await open();
  const holder = new DatabaseSync(path);
  holder.exec('BEGIN IMMEDIATE');
  const writing = assert.rejects(store.commit([creation('a')]), { code: 'CLOSED' });
  await sleep(5);
  await store.close();
  await writing;
  holder.close();
});

test('does not make a new and empty database when its own is taken away', async () => {
  const store = await open();
  await store.commit([creation('a')]);
  await store.close();
  rmSync(path);
  writeFileSync(`${path}-wal`, 'left over');
  await assert.rejects(store.open(), { code: 'CORRUPT_STATE' });
  expect(existsSync(path)).toBe(false);
});

test('calls nobody back while nothing is committed, and then for the commit of another connection', async () => {
  const [store, other] = [await open({ pollMs: 5 }), await open()];
  let calls = 0;
  store.signal(() => {
    calls += 1;
  });
  await sleep(50);
  expect(calls).toBe(0);
  await other.commit([creation('a')]);
  for (const start = performance.now(); calls === 0 && performance.now() - start < 5_000;) await sleep(1);
  expect(calls).toBeGreaterThan(0);
});

test('calls back for the commit of another connection without waiting for the next poll', async () => {
  const [store, other] = [await open({ pollMs: 60_000 }), await open({ pollMs: 60_000 })];
  for (const id of ['a', 'b']) {
    const { promise, resolve } = Promise.withResolvers<void>();
    store.signal(resolve);
    await other.commit([creation(id)]);
    await promise;
    expect(await store.entity('team', id)).toBeDefined();
  }
});

test('names what is damaged in a record that was changed behind its back', async () => {
  const store = await open();
  const result = await store.commit([commitOf({ ...creation('a'), puts: [{ eid: -1, collection: 'c', key: 'k', body: '{"n":1}' }] })]);
  assert.ok(result.ok);
  const eid = result.created[0]?.eid as number;
  const db = new DatabaseSync(path);
  db.exec(
    `UPDATE item SET body = '{"n":2}'; UPDATE entity SET subject = 'another'; UPDATE head SET version = 5; UPDATE commit_log SET at = at + 1`,
  );
  db.close();
  await assert.rejects(store.item(eid, 'c', 'k'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && /\bk\b/.test(error.data.what));
  await assert.rejects(store.entity('team', 'a'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.what.includes('team:a'));
  await assert.rejects(store.load(eid, 'list'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.lastGoodVersion === 1);
  expect(await store.load(eid, 'list', 1)).toMatchObject({ base: { version: 1 } });
  await assert.rejects(store.log(0, {}, 1), { code: 'CORRUPT_STATE' });
  await assert.rejects(store.commit([commitOf({ expects: [{ eid, state: 'list', version: 1 }] })]), { code: 'CORRUPT_STATE' });
});
