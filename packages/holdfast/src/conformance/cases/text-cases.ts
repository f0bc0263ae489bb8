import assert from 'node:assert/strict';
import type { Commit } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, dump, full, put, write } from '../records.ts';

/** Every plane, marks that combine, direction marks, and what JSON writes for a NUL and half a pair. */
const TEXT = JSON.stringify('plain "quoted" \\ \n \u0000 \ud800 é e\u0301 \u202e \u{1f37a} \ufeff \uffff \u{10ffff} 漢字');

export const textCases: readonly CaseDefinition[] = [
  defineCase('text-bodies', 'gives bodies back character by character', async (context) => {
    const eid = await createEntity(
      context.store,
      'one',
      {},
      { changes: [full(-1, 1, TEXT)], puts: [put(-1, 'k', TEXT), put(-1, 'empty', '')] },
    );
    const store = await context.reopen();
    assert.equal((await store.load(eid, 'list'))?.base.body, TEXT);
    assert.equal((await store.item(eid, 'things', 'k'))?.body, TEXT);
    assert.equal((await store.item(eid, 'things', 'empty'))?.body, '');
  }),
  defineCase('text-large', 'keeps bodies of 5 MB', async (context) => {
    const large = JSON.stringify(
      Array.from({ length: 100_000 }, (_, index) => `a line of text, number ${index}, \u{1f37a} and some more of it`),
    );
    assert.ok(large.length > 5_000_000);
    const eid = await createEntity(
      context.store,
      'one',
      {},
      { durability: 'synced', changes: [full(-1, 1, large)], puts: [put(-1, 'k', large)] },
    );
    const store = await context.reopen();
    assert.ok((await store.load(eid, 'list'))?.base.body === large);
    assert.ok((await store.item(eid, 'things', 'k'))?.body === large);
    assert.ok((await store.log(0, {}, 10)).commits[0]?.changes[0]?.body === large);
  }),
  defineCase(
    'text-names',
    'refuses names with a NUL or half a surrogate pair or of more than 512 bytes, and writes nothing',
    async ({ store }) => {
      const eid = await createEntity(store);
      const before = await dump(store);
      for (const name of ['a\u0000b', '\ud800', 'a\udc00b', 'ä'.repeat(257)]) {
        const uses: readonly Partial<Commit>[] = [
          { creates: [{ ref: -1, scope: name, id: 'x' }] },
          { creates: [{ ref: -1, scope: 'team', id: name }] },
          { creates: [{ ref: -1, scope: 'team', id: 'x', subject: name }] },
          { changes: [full(eid, 1, '[]', name)] },
          { puts: [put(eid, name)] },
          { puts: [put(eid, 'k', '{}', { collection: name })] },
          { requires: [{ eid, collection: 'things', key: name, rev: 'absent' }] },
          { deletes: [{ eid, collection: name, key: 'k' }] },
          { expects: [{ eid, state: name, version: 0 }] },
          { idempotency: { eid, key: name, inputHash: '', body: '', ttlMs: 1 } },
        ];
        for (const use of uses)
          await assert.rejects(write(store, { puts: [put(eid, 'k')] }, use), { code: 'INVALID_ID' }, JSON.stringify(use));
        await assert.rejects(store.entity('team', name), { code: 'INVALID_ID' });
        await assert.rejects(store.item(eid, 'things', name), { code: 'INVALID_ID' });
      }
      assert.deepEqual(await dump(store), before);
    },
  ),
  defineCase('text-half-pairs', 'refuses a body with half a surrogate pair, which no JSON text has', async ({ store }) => {
    const eid = await createEntity(store);
    for (const parts of [{ changes: [full(eid, 1, '["\ud800"]')] }, { puts: [put(eid, 'k', '"\udc00"')] }])
      await assert.rejects(write(store, parts), { code: 'INVALID_ARGUMENT' });
    assert.deepEqual(await store.heads(eid), []);
  }),
  defineCase('text-names-kept', 'keeps scopes, ids and states of any well-formed text apart', async (context) => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'a',
      'A',
      'á',
      'a\u0301',
      ' a',
      'a ',
      '../a',
      '%2e',
      "'; DROP TABLE entity; --",
      '\u{1f37a}',
      'x'.repeat(256),
    ];
    for (const id of names) await createEntity(context.store, id, { scope: id }, { changes: [full(-1, 1, JSON.stringify([id]), id)] });
    const store = await context.reopen();
    for (const id of names) {
      const entity = await store.entity(id, id);
      assert.equal(entity?.id, id);
      assert.equal((await store.load(entity?.eid, id))?.base.body, JSON.stringify([id]));
    }
    assert.equal(new Set((await store.entities({}, undefined, 100)).map(({ eid }) => eid)).size, names.length);
  }),
];
