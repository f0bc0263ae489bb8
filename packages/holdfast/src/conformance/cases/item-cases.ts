import assert from 'node:assert/strict';
import type { ItemRecord } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { collect, createEntity, put, refuse, write } from '../records.ts';

/** Keys that a careless query, path or object would mistake for something else. */
const ODD_KEYS = [
  'a',
  'A',
  'ab',
  'a%',
  'a_',
  'a/b',
  '../a',
  "a'b",
  'a"b',
  'a\\',
  'a;--',
  '__proto__',
  'constructor',
  '',
  ' ',
  'é',
  'e\u0301',
  '\u{1f37a}',
  '\uffff',
  '\u{10ffff}',
  'x'.repeat(500),
];

export const itemCases: readonly CaseDefinition[] = [
  defineCase('item-record', 'keeps an item with the seq of the commit that last put it as its rev', async ({ store }) => {
    const eid = await createEntity(store);
    await write(store, { puts: [put(eid, 'k', '{"n":1}')] });
    assert.deepEqual(await store.item(eid, 'things', 'k'), { eid, collection: 'things', key: 'k', rev: 2, body: '{"n":1}' });
    const { now } = await write(store, { puts: [put(eid, 'k', '{"n":2}', { ttlMs: 900 })] });
    assert.deepEqual(await store.item(eid, 'things', 'k'), {
      eid,
      collection: 'things',
      key: 'k',
      rev: 3,
      body: '{"n":2}',
      expiresAt: now + 900,
    });
    await write(store, { puts: [put(eid, 'k', '{"n":3}')] });
    assert.deepEqual(await store.item(eid, 'things', 'k'), { eid, collection: 'things', key: 'k', rev: 4, body: '{"n":3}' });
    await write(store, {
      deletes: [
        { eid, collection: 'things', key: 'k' },
        { eid, collection: 'things', key: 'never' },
      ],
    });
    assert.equal(await store.item(eid, 'things', 'k'), undefined);
  }),
  defineCase('item-odd-keys', 'knows every key from every other, whatever characters it has', async (context) => {
    const eid = await createEntity(context.store);
    await write(
      context.store,
      ...ODD_KEYS.map((key) => ({ puts: [put(eid, key, JSON.stringify(key)), put(eid, 'same', '1', { collection: `c${key}` })] })),
    );
    const store = await context.reopen();
    for (const key of ODD_KEYS) {
      assert.equal((await store.item(eid, 'things', key))?.body, JSON.stringify(key));
      assert.equal((await store.items({ eid, collection: `c${key}` }, undefined, 10)).length, 1);
    }
    const listed = (await store.items({ eid, collection: 'things' }, undefined, 100)).map(({ key }) => key);
    assert.deepEqual(
      listed,
      [...ODD_KEYS].toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))),
    );
    await write(store, { deletes: [{ eid, collection: 'things', key: 'a' }] });
    assert.equal((await store.items({ eid, collection: 'things' }, undefined, 100)).length, ODD_KEYS.length - 1);
  }),
  defineCase('item-pages', 'lists items in pages without gap or repeat, by prefix, of one entity and of all', async ({ store }) => {
    const eids = [await createEntity(store, 'one'), await createEntity(store, 'two'), await createEntity(store, 'three')];
    for (const eid of eids) {
      await write(store, { puts: ODD_KEYS.map((key) => put(eid, key)) });
      await write(store, { puts: [put(eid, 'a', '{}', { collection: 'thing' }), put(eid, 'a', '{}', { collection: 'thingss' })] });
    }
    const sorted = [...ODD_KEYS].toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    const list = async (eid: number | undefined, prefix: string | undefined, limit: number): Promise<[number, string][]> => {
      const filter = { collection: 'things', ...(eid !== undefined && { eid }), ...(prefix !== undefined && { prefix }) };
      return (await collect<ItemRecord>((after) => store.items(filter, after, limit))).map((item) => [item.eid, item.key]);
    };
    for (const prefix of [undefined, '', 'a', 'a%', '_', '\u{10ffff}', 'none', '../']) {
      const keys = sorted.filter((key) => key.startsWith(prefix ?? ''));
      for (const limit of [1, 7, 1_000]) {
        assert.deepEqual(
          await list(eids[1], prefix, limit),
          keys.map((key) => [eids[1], key]),
          `prefix ${prefix}, pages of ${limit}`,
        );
        assert.deepEqual(
          await list(undefined, prefix, limit),
          eids.flatMap((eid) => keys.map((key) => [eid, key])),
        );
      }
    }
  }),
  defineCase('item-expiry', 'counts an expired item as absent in requirements, and still lists it', async (context) => {
    const { store } = context;
    const eid = await createEntity(store);
    await write(store, { puts: [put(eid, 'k', '1', { ttlMs: 1_000 })] });
    const key = { eid, collection: 'things', key: 'k' };
    assert.equal((await refuse(store, { requires: [{ ...key, rev: 'absent' }] })).refusal.kind, 'unmet');
    await context.advance(1_001);
    assert.deepEqual((await refuse(store, { requires: [{ ...key, rev: 2 }] })).refusal, { kind: 'unmet', index: 0 });
    await write(store, { requires: [{ ...key, rev: 'absent' }] });
    assert.equal((await store.items({ eid, collection: 'things' }, undefined, 10)).length, 1);
    assert.equal((await store.item(eid, 'things', 'k'))?.rev, 2);
  }),
  defineCase('lease-fencing', 'keeps a lease’s token through renewals, and never gives it out again', async (context) => {
    const { store } = context;
    const eid = await createEntity(store);
    const lease = { eid, collection: '$lease', key: 'turn' };
    const acquire = { requires: [{ ...lease, rev: 'absent' as const }], puts: [{ ...lease, body: '{"holder":"a"}', ttlMs: 1_000 }] };
    const token = (await write(store, acquire)).seqs[0] as number;
    assert.equal((await refuse(store, acquire)).refusal.kind, 'unmet');
    await context.advance(600);
    const renewed = await write(store, {
      requires: [{ ...lease, rev: token }],
      puts: [{ ...lease, body: '{"holder":"a"}', ttlMs: 1_000, keepRev: true }],
    });
    await context.advance(600);
    const held = await store.item(eid, '$lease', 'turn');
    assert.equal(held?.rev, token);
    assert.equal(held?.expiresAt, renewed.now + 1_000);
    await write(store, { requires: [{ ...lease, rev: token }], puts: [put(eid, 'by holder')] });
    await context.advance(600);
    const next = (await write(store, acquire)).seqs[0] as number;
    assert.ok(next > token);
    assert.equal(
      (await refuse(store, { requires: [{ ...lease, rev: token }], puts: [put(eid, 'by a stale holder')] })).refusal.kind,
      'unmet',
    );
    await context.advance(1_001);
    const { seqs } = await write(store, { puts: [{ ...lease, body: '{}', ttlMs: 1_000, keepRev: true }] });
    assert.equal((await store.item(eid, '$lease', 'turn'))?.rev, seqs[0], 'an expired lease has no token to keep');
  }),
  defineCase('item-keep-rev', 'gives an item that was not there a rev of its own when told to keep one', async ({ store }) => {
    const eid = await createEntity(store);
    await write(store, { puts: [put(eid, 'k', '1', { keepRev: true })] });
    await write(store, { puts: [put(eid, 'k', '2', { keepRev: true })] });
    assert.deepEqual(await store.item(eid, 'things', 'k'), { eid, collection: 'things', key: 'k', rev: 2, body: '2' });
  }),
];
