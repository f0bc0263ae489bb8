import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { commitOf, createEntity, dump, full, patch, put, write } from '../records.ts';

export const readOnlyCases: readonly CaseDefinition[] = [
  defineCase('read-only-reads', 'reads everything when it was opened read-only, and changes nothing by it', async (context) => {
    const eid = await createEntity(context.store, 'one', { ttlMs: 60_000 }, { changes: [full(-1, 1)], puts: [put(-1, 'k')] });
    await write(context.store, { changes: [patch(eid, 2)] });
    const [before, info] = [await dump(context.store), await context.store.open()];
    const store = await context.reopen({ readOnly: true });
    assert.deepEqual(await dump(store), before);
    assert.deepEqual(await store.open(), info);
    assert.ok((await store.usage()).rows.length > 0);
    assert.deepEqual(await dump(await context.reopen()), before);
  }),
  defineCase(
    'read-only-refuses',
    'refuses every write when it was opened read-only, and none when opened again without',
    async (context) => {
      await createEntity(context.store, 'expired', { ttlMs: -1 });
      const before = await dump(context.store);
      const store = await context.reopen({ readOnly: true });
      const writes: readonly [string, () => Promise<unknown>][] = [
        ['commit', () => store.commit([commitOf({ creates: [{ ref: -1, scope: 'team', id: 'a' }] })])],
        ['sweep', () => store.sweep(1)],
        ['compact', () => store.compact({ snapshots: [], prune: [] })],
        ['scrub', async () => await store.scrub?.()],
      ];
      for (const [name, call] of writes)
        if (name !== 'scrub' || store.scrub) await assert.rejects(call, { code: 'INVALID_ARGUMENT', data: { argument: 'readOnly' } }, name);
      await store.open();
      await assert.rejects(store.sweep(1), { code: 'INVALID_ARGUMENT' }, 'the way it was opened stays');
      assert.deepEqual(await dump(store), before);
      await createEntity(await context.reopen(), 'again');
    },
  ),
  defineCase(
    'read-only-follows',
    'shows a reader what others commit, and calls it back',
    async (context) => {
      const reader = await context.second({ readOnly: true });
      const moved = Promise.withResolvers<void>();
      reader.signal(moved.resolve);
      await createEntity(context.store, 'news', {}, { changes: [full(-1, 1)] });
      await moved.promise;
      assert.deepEqual(await dump(reader), await dump(context.store));
      await createEntity(await context.reopen(), 'more');
      assert.deepEqual(await dump(reader), await dump(context.store));
    },
    ['shared'],
  ),
  defineCase(
    'read-only-missing',
    'answers NOT_FOUND when there is nothing to read, and makes nothing',
    async (context) => {
      const store = context.missing();
      await assert.rejects(store.open({ readOnly: true }), { code: 'NOT_FOUND' });
      await assert.rejects(store.open({ readOnly: true }), { code: 'NOT_FOUND' });
      assert.equal((await store.open()).seq, 0);
    },
    ['durable'],
  ),
];
