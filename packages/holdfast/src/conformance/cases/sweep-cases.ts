import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, put, refuse, write } from '../records.ts';

export const sweepCases: readonly CaseDefinition[] = [
  defineCase('sweep-expired', 'deletes the entities whose expiry has passed, and logs it as one commit', async (context) => {
    const { store } = context;
    await createEntity(store, 'later', { ttlMs: 3_600_000 });
    await createEntity(store, 'never');
    const expired = await createEntity(store, 'expired', { ttlMs: 100 }, { changes: [full(-1, 1)], puts: [put(-1, 'k')] });
    assert.deepEqual(await store.sweep(10), { dropped: [], items: 0 });
    await context.advance(101);
    const drop = { eid: expired, scope: 'conversation', id: 'expired' };
    assert.deepEqual(await store.sweep(10), { dropped: [drop], items: 0 });
    assert.equal(await store.entity('conversation', 'expired'), undefined);
    assert.equal(await store.item(expired, 'things', 'k'), undefined);
    assert.equal((await refuse(store, { changes: [full(expired, 2)] })).refusal.kind, 'gone');
    assert.equal((await store.entities({}, undefined, 10)).length, 2);
    const { commits, seq } = await store.log(3, {}, 10);
    assert.equal(seq, 4);
    assert.deepEqual(
      commits.map(({ flags, drops, changes }) => ({ flags, drops, changes })),
      [{ flags: ['deleted'], drops: [drop], changes: [] }],
    );
    assert.deepEqual(await store.sweep(10), { dropped: [], items: 0 });
    assert.equal((await store.log(0, {}, 10)).seq, 4, 'a sweep that finds nothing leaves no trace');
  }),
  defineCase('sweep-protected', 'spares an entity with a live lease or an unsettled effect, until that is over', async (context) => {
    const { store } = context;
    const leased = await createEntity(
      store,
      'leased',
      { ttlMs: 100 },
      { puts: [{ eid: -1, collection: '$lease', key: 'turn', body: '{}', ttlMs: 300 }] },
    );
    const open = await createEntity(store, 'open', { ttlMs: 100 }, { puts: [{ eid: -1, collection: '$open', key: 'charge', body: '{}' }] });
    const free = await createEntity(
      store,
      'free',
      { ttlMs: 100 },
      {
        puts: [
          { eid: -1, collection: '$effect', key: 'charge/1', body: '{}' },
          { eid: -1, collection: '$lease', key: 'turn', body: '{}', ttlMs: 50 },
        ],
      },
    );
    await context.advance(101);
    assert.deepEqual(
      (await store.sweep(10)).dropped.map(({ eid }) => eid),
      [free],
    );
    await context.advance(200);
    assert.deepEqual(
      (await store.sweep(10)).dropped.map(({ eid }) => eid),
      [leased],
    );
    await write(store, { deletes: [{ eid: open, collection: '$open', key: 'charge' }] });
    assert.deepEqual(
      (await store.sweep(10)).dropped.map(({ eid }) => eid),
      [open],
    );
  }),
  defineCase('sweep-touched', 'spares an entity whose expiry was moved or taken away', async (context) => {
    const { store } = context;
    const [moved, freed, shortened] = [
      await createEntity(store, 'moved', { ttlMs: 100 }),
      await createEntity(store, 'freed', { ttlMs: 100 }),
      await createEntity(store, 'shortened', { ttlMs: 3_600_000 }),
    ];
    await write(store, {
      touch: [
        { eid: moved, ttlMs: 3_600_000 },
        { eid: freed, ttlMs: null },
        { eid: shortened, ttlMs: 50 },
      ],
    });
    await context.advance(101);
    assert.deepEqual(
      (await store.sweep(10)).dropped.map(({ eid }) => eid),
      [shortened],
    );
    assert.deepEqual(await store.sweep(10), { dropped: [], items: 0 });
  }),
  defineCase('sweep-limit', 'deletes no more than its limit at a time, the longest expired first', async (context) => {
    const { store } = context;
    // In one commit, at one moment: how long it takes to make them must not change the order in which they expire.
    await write(store, {
      creates: Array.from({ length: 10 }, (_, index) => ({
        ref: -1 - index,
        scope: 'conversation',
        id: `e${index}`,
        ttlMs: 200 - 20 * index,
      })),
    });
    await createEntity(store, 'holder', {}, { puts: Array.from({ length: 10 }, (_, index) => put(-1, `k${index}`, '{}', { ttlMs: 10 })) });
    await context.advance(210);
    const first = await store.sweep(4);
    assert.deepEqual(
      first.dropped.map(({ id }) => id),
      ['e9', 'e8', 'e7', 'e6'],
    );
    assert.equal(first.items, 4);
    const rest = [await store.sweep(4), await store.sweep(4), await store.sweep(4)];
    assert.deepEqual(
      rest.map(({ dropped, items }) => [dropped.length, items]),
      [
        [4, 4],
        [2, 2],
        [0, 0],
      ],
    );
    assert.equal((await store.entities({}, undefined, 100)).length, 1);
  }),
  defineCase('sweep-items', 'deletes expired items, whatever their collection, and no others', async (context) => {
    const { store } = context;
    const eid = await createEntity(
      store,
      'one',
      {},
      {
        puts: [
          put(-1, 'short', '1', { ttlMs: 10 }),
          put(-1, 'long', '1', { ttlMs: 3_600_000 }),
          put(-1, 'for ever'),
          put(-1, 'renewed', '1', { ttlMs: 10 }),
        ],
        idempotency: { eid: -1, key: 'i', inputHash: '', body: '', ttlMs: 10 },
      },
    );
    await write(store, { puts: [put(eid, 'renewed', '2', { ttlMs: 3_600_000 })] });
    await context.advance(20);
    assert.deepEqual(await store.sweep(10), { dropped: [], items: 2 });
    assert.deepEqual(
      (await store.items({ eid, collection: 'things' }, undefined, 10)).map(({ key }) => key),
      ['for ever', 'long', 'renewed'],
    );
    assert.equal(await store.item(eid, '$idem', 'i'), undefined);
  }),
  defineCase('sweep-cost', 'costs what expired, not what exists', async (context) => {
    const { store } = context;
    const many = 4_000;
    const cost = async (): Promise<number> => {
      await write(
        store,
        ...Array.from({ length: 20 }, (_, index) => ({ creates: [{ ref: -1 - index, scope: 'team', id: `soon ${index}`, ttlMs: 1 }] })),
      );
      await context.advance(2);
      const start = performance.now();
      assert.equal((await store.sweep(100)).dropped.length, 20);
      return performance.now() - start;
    };
    const best = async (): Promise<number> => Math.min(await cost(), await cost(), await cost(), await cost(), await cost());
    const alone = await best();
    for (let from = 0; from < many; from += 500) {
      await write(
        store,
        ...Array.from({ length: 500 }, (_, index) => ({
          creates: [{ ref: -1 - index, scope: 'conversation', id: `e${from + index}`, ttlMs: 3_600_000 }],
          puts: [put(-1 - index, 'k', '1', { ttlMs: 3_600_000 })],
        })),
      );
    }
    const among = await best();
    assert.ok(among < alone * 8 + 20, `20 expired ones cost ${alone.toFixed(2)} ms alone and ${among.toFixed(2)} ms among ${many}`);
  }),
];
