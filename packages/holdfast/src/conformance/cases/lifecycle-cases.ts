import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { commitOf, createEntity, dump, full, patch, put, write } from '../records.ts';

export const lifecycleCases: readonly CaseDefinition[] = [
  defineCase('lifecycle-empty', 'opens an empty store at seq 0 with an id and a format', async ({ store }) => {
    const { storeId, format, seq } = await store.open();
    assert.match(storeId, /\S{8,}/);
    assert.ok(Number.isInteger(format) && format >= 1);
    assert.equal(seq, 0);
    assert.deepEqual(await store.log(0, {}, 10), { commits: [], seq: 0 });
    assert.deepEqual(await store.entities({}, undefined, 10), []);
  }),
  defineCase('lifecycle-reopen', 'has everything after closing and opening again, under the same store id', async (context) => {
    const { storeId } = await context.store.open();
    const eid = await createEntity(
      context.store,
      'kept',
      { subject: 'someone', origin: { eid: 7, id: 'source', versions: { list: 3 } }, ttlMs: 60_000 },
      { changes: [full(-1, 1)], puts: [put(-1, 'k')] },
    );
    await write(context.store, {
      changes: [patch(eid, 2)],
      meta: { actor: 'a', cause: 'c', toolCall: 't', trace: 'r', flags: ['bound', 'simulated'] },
    });
    await context.store.compact({ snapshots: [{ eid, state: 'list', version: 2, defVersion: 1, body: '[1,2]' }], prune: [] });
    const before = await dump(context.store);
    const store = await context.reopen();
    assert.deepEqual(await dump(store), before);
    const info = await store.open();
    assert.equal(info.storeId, storeId);
    assert.equal(info.seq, 2);
  }),
  defineCase('lifecycle-close-twice', 'may be closed twice, and opened again after that', async (context) => {
    await createEntity(context.store);
    await context.store.close();
    const store = await context.reopen();
    assert.ok(await store.entity('conversation', 'one'));
  }),
  defineCase('lifecycle-closed', 'answers CLOSED to every call after close', async ({ store }) => {
    await store.close();
    const calls: readonly [string, () => Promise<unknown>][] = [
      ['now', () => store.now()],
      ['commit', () => store.commit([commitOf({})])],
      ['entity', () => store.entity('team', 'a')],
      ['entityByEid', () => store.entityByEid(1)],
      ['entities', () => store.entities({}, undefined, 1)],
      ['heads', () => store.heads(1)],
      ['load', () => store.load(1, 'list')],
      ['log', () => store.log(0, {}, 1)],
      ['item', () => store.item(1, 'c', 'k')],
      ['items', () => store.items({ collection: 'c' }, undefined, 1)],
      ['sweep', () => store.sweep(1)],
      ['compact', () => store.compact({ snapshots: [], prune: [] })],
      ['usage', () => store.usage()],
      ['signal', async () => store.signal(() => undefined)],
    ];
    for (const [name, call] of calls) await assert.rejects(call, { code: 'CLOSED' }, name);
  }),
  defineCase(
    'lifecycle-clock-back',
    'keeps seq and order when the clock is set back',
    async (context) => {
      const eid = await createEntity(context.store);
      await context.advance(-3_600_000);
      const { seqs, now } = await write(context.store, { puts: [put(eid, 'a')] }, { puts: [put(eid, 'b')] });
      assert.deepEqual(seqs, [2, 3]);
      const { commits } = await context.store.log(0, {}, 10);
      assert.deepEqual(
        commits.map(({ seq }) => seq),
        [1, 2, 3],
      );
      assert.equal(commits[2]?.at, now);
    },
    ['clock'],
  ),
  defineCase('lifecycle-now', 'tells the time of its clock, in whole milliseconds', async (context) => {
    const before = await context.store.now();
    await context.advance(40);
    const after = await context.store.now();
    assert.ok(Number.isInteger(before) && after - before >= 40 && after - before < 5_000, `from ${before} to ${after}`);
  }),
];
