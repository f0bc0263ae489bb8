import assert from 'node:assert/strict';
import { isHoldfastError } from 'holdfast';
import { postgres, type PostgresClient } from 'holdfast/postgres';
import type { Store } from 'holdfast/store';
import pg from 'pg';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { checksum } from '../../src/store/index.ts';
import { commitOf, creation } from '../support/store-records.ts';

const pool = new pg.Pool({ connectionString: inject('postgresUrl') });
afterAll(() => pool.end());

let made = 0;
const freshSchema = (): string => `schema_${(made += 1)}`;

async function open(schema: string, client: PostgresClient = pool): Promise<Store> {
  const store = postgres({ client, schema });
  onTestFinished(() => store.close());
  await store.open();
  return store;
}

async function codeOfOpening(schema: string): Promise<string> {
  const tables = `SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('"${schema}"') ORDER BY relname`;
  const before = (await pool.query(tables)).rows;
  const code = await open(schema).then(
    () => 'opened',
    (error: unknown) => (isHoldfastError(error) ? error.code : String(error)),
  );
  expect((await pool.query(tables)).rows).toEqual(before);
  return code;
}

describe('the schema', () => {
  test('is made once when several stores open it at the same moment', async () => {
    const schema = freshSchema();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(schema)));
    const ids = await Promise.all(stores.map(async (store) => (await store.open()).storeId));
    expect(new Set(ids).size).toBe(1);
  });

  test('keeps its store apart from others of the same database', async () => {
    const [one, two] = [await open(freshSchema()), await open(freshSchema())];
    await one.commit([creation('a')]);
    expect(await two.entity('team', 'a')).toBeUndefined();
    expect((await two.commit([creation('b')])).ok && (await two.open()).seq).toBe(1);
  });

  test('may have been made before by somebody else, while it is empty', async () => {
    const schema = freshSchema();
    await pool.query(`CREATE SCHEMA ${schema}`);
    expect((await (await open(schema)).commit([creation('a')])).ok).toBe(true);
  });

  test('may be called by a word of SQL', async () => {
    expect((await (await open('select')).commit([creation('a')])).ok).toBe(true);
  });

  test('has a name of lower-case letters, digits and underscores', () => {
    for (const schema of ['', 'A', 'a-b', '1a', 'a"b', 'pg_x', 'a'.repeat(49), "a'; DROP TABLE x; --"])
      expect(() => postgres({ client: pool, schema })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

test('brings a store of the first format to this one, as it is', async () => {
  const schema = freshSchema();
  const store = await open(schema);
  await store.commit([creation('a')]);
  const { storeId } = await store.open();
  const sum = checksum(['storeId', 1], storeId);
  await pool.query(`DROP FUNCTION ${schema}.log_page, ${schema}.write_commit; UPDATE ${schema}.meta SET format = 1, sum = ${sum}`);
  await assert.rejects(store.log(0, {}, 10), { code: 'CORRUPT_STATE' });
  const [first, second] = await Promise.all([open(schema), open(schema)]);
  expect(await second.open()).toEqual({ storeId, format: 3, seq: 1 });
  expect((await first.commit([creation('b')])).ok).toBe(true);
  expect((await first.log(0, {}, 10)).commits).toHaveLength(2);
});

describe('opening refuses and leaves untouched', () => {
  test('a schema that holds something else', async () => {
    const schema = freshSchema();
    await pool.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.guest (name text)`);
    expect(await codeOfOpening(schema)).toBe('CORRUPT_STATE');
  });

  test('a schema with a table meta of something else', async () => {
    const schema = freshSchema();
    await pool.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.meta (name text)`);
    expect(await codeOfOpening(schema)).toBe('CORRUPT_STATE');
  });

  test('a store of a newer format', async () => {
    const schema = freshSchema();
    await open(schema);
    await pool.query(`UPDATE ${schema}.meta SET format = 4`);
    expect(await codeOfOpening(schema)).toBe('NEWER_VERSION');
  });

  test('a server whose transactions are stricter than read committed, which the function refuses as well', async () => {
    const schema = freshSchema();
    const store = await open(schema);
    const strict = new pg.Pool({ connectionString: inject('postgresUrl'), options: '-c default_transaction_isolation=serializable' });
    onTestFinished(() => strict.end());
    await expect(open(schema, strict)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'client' } });
    const late: PostgresClient = {
      query: async (text, values) => await (text.includes('commit_batch($1') ? strict : pool).query(text, values),
    };
    await expect((await open(schema, late)).commit([creation('a')])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: 'client' },
    });
    expect((await store.open()).seq).toBe(0);
  });
});

test('names what is damaged in a record that was changed behind its back', async () => {
  const schema = freshSchema();
  const store = await open(schema);
  const put = { eid: -1, collection: 'c', key: 'k', body: '{"n":1}' };
  const result = await store.commit([commitOf({ ...creation('a'), puts: [put] })]);
  assert.ok(result.ok);
  const eid = result.created[0]?.eid as number;
  await store.commit([commitOf({ changes: [{ eid, state: 'list', version: 2, defVersion: 1, kind: 'patch', body: '[2]' }] })]);
  const damage = async (sql: string): Promise<void> => void (await pool.query(sql.replaceAll('holdfast.', `${schema}.`)));
  await damage(`UPDATE holdfast.item SET body = '{"n":2}'`);
  await assert.rejects(store.item(eid, 'c', 'k'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && /\bk\b/.test(error.data.what));
  const lease = commitOf({ requires: [{ eid, collection: 'c', key: 'k', rev: 1 }] });
  await assert.rejects(store.commit([lease]), (error) => isHoldfastError(error, 'CORRUPT_STATE') && /\bk\b/.test(error.data.what));
  await damage(`UPDATE holdfast.change SET body = '[3]' WHERE version = 2`);
  for (const read of [() => store.load(eid, 'list'), () => store.load(eid, 'list', 2), () => store.log(0, {}, 10)])
    await assert.rejects(read, (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.lastGoodVersion === 1);
  expect(await store.load(eid, 'list', 1)).toMatchObject({ base: { version: 1 } });
  await damage('UPDATE holdfast.head SET version = 5');
  await assert.rejects(store.load(eid, 'list'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.lastGoodVersion === 1);
  expect(await store.load(eid, 'list', 1)).toMatchObject({ head: 2, base: { version: 1 } });
  await assert.rejects(store.heads(eid), { code: 'CORRUPT_STATE' });
  const next = commitOf({ expects: [{ eid, state: 'list', version: 2 }] });
  await assert.rejects(store.commit([next]), { code: 'CORRUPT_STATE' });
  await damage(`UPDATE holdfast.entity SET subject = 'another'`);
  await assert.rejects(store.entity('team', 'a'), (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.what.includes('team:a'));
  await assert.rejects(store.commit([commitOf({ touch: [{ eid, ttlMs: 1 }] })]), { code: 'CORRUPT_STATE' });
  await damage('UPDATE holdfast.commit_log SET at = at + 1');
  await assert.rejects(store.log(0, {}, 1), { code: 'CORRUPT_STATE' });
});

test('says CORRUPT_STATE when its tables are taken away', async () => {
  const schema = freshSchema();
  const store = await open(schema);
  await pool.query(`DROP SCHEMA ${schema} CASCADE`);
  await expect(store.commit([creation('a')])).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
});

test('reads the log of one entity at the cost of what that entity has', async () => {
  const schema = freshSchema();
  const store = await open(schema);
  const result = await store.commit([
    creation('one'),
    { ...creation('busy'), creates: [{ ref: -2, scope: 'team', id: 'busy' }], changes: [] },
  ]);
  assert.ok(result.ok);
  const [one, busy] = result.created.map(({ eid }) => eid) as [number, number];
  for (let from = 1; from <= 3_000; from += 500) {
    const versions = Array.from({ length: 500 }, (_, index) => from + index);
    const batch = versions.map((version) =>
      commitOf({ durability: 'written', changes: [{ eid: busy, state: 'list', version, defVersion: 1, kind: 'full', body: '[]' }] }),
    );
    assert.ok((await store.commit(batch)).ok);
  }
  await store.commit([commitOf({ changes: [{ eid: one, state: 'list', version: 2, defVersion: 1, kind: 'full', body: '[]' }] })]);
  const page = await store.log(0, { eid: one }, 10);
  expect(page.seq).toBe(3_003);
  expect(page.commits.map(({ seq }) => seq)).toEqual([1, 3_003]);
  expect((await store.log(2, { eid: busy }, 10)).commits).toHaveLength(10);
});

/** A client whose commits fail. */
const failing = (error: unknown): PostgresClient => ({
  query: async (text, values) => {
    if (text.includes('commit_batch($1')) throw error;
    return await pool.query<Record<string, unknown>>(text, values);
  },
});

describe('what the server answers', () => {
  const answers: readonly [string, object, { code: string; data?: object }][] = [
    ['a full disk', { code: '53100', severity: 'ERROR' }, { code: 'STORE_FULL' }],
    ['a cancelled statement', { code: '57014', severity: 'ERROR' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } }],
    ['a deadlock', { code: '40P01', severity: 'ERROR' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } }],
    ['too many connections', { code: '53300', severity: 'FATAL' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } }],
    ['a server that starts up', { code: '57P03', severity: 'FATAL' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } }],
    ['a wrong password', { code: '28P01', severity: 'FATAL' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } }],
    ['an ended session', { code: '57P01', severity: 'FATAL' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'unknown' } }],
    ['a broken pipe', { code: 'EPIPE', syscall: 'write' }, { code: 'STORE_UNAVAILABLE', data: { outcome: 'unknown' } }],
    [
      'a server that is not there',
      { code: 'ECONNREFUSED', syscall: 'connect' },
      { code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } },
    ],
    ['a damaged page', { code: 'XX001', severity: 'ERROR' }, { code: 'CORRUPT_STATE' }],
    ['a text that it cannot hold', { code: '22P05', severity: 'ERROR' }, { code: 'INVALID_ARGUMENT' }],
  ];
  for (const [what, reported, expected] of answers) {
    test(`${what} is ${expected.code}`, async () => {
      const store = await open(freshSchema(), failing(Object.assign(new Error(what), reported)));
      await expect(store.commit([creation('a')])).rejects.toMatchObject(expected);
    });
  }

  test('never shows a password', async () => {
    const store = await open(freshSchema(), failing(new Error('no route to postgres://bar:s3cret@db:5432/bar')));
    const error: unknown = await store.commit([creation('a')]).catch((thrown: unknown) => thrown);
    assert.ok(isHoldfastError(error, 'STORE_UNAVAILABLE'));
    expect(`${error.message} ${store.name}`).not.toContain('s3cret');
  });
});
