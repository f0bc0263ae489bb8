import assert from 'node:assert/strict';
import type { Commit } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { commitOf, createEntity, full, put, refuse, write } from '../records.ts';

export const refusalCases: readonly CaseDefinition[] = [
  defineCase('refusal-already', 'applies a commit once and says under which seq it is there when it is sent again', async (context) => {
    const eid = await createEntity(context.store);
    const batch = [commitOf({ puts: [put(eid, 'a')] }), commitOf({ puts: [put(eid, 'b')] })];
    assert.ok((await context.store.commit(batch)).ok);
    for await (const store of context.beforeAndAfterReopening()) {
      const again = await store.commit(batch);
      assert.deepEqual(again.ok ? undefined : again.refusal, { kind: 'already', seq: 2 });
      const second = await store.commit(batch.slice(1));
      assert.deepEqual(second.ok ? undefined : second.refusal, { kind: 'already', seq: 3 });
      assert.equal((await store.log(0, {}, 10)).seq, 3);
    }
  }),
  defineCase('refusal-already-in-batch', 'refuses the same commit twice in one batch', async ({ store }) => {
    const eid = await createEntity(store);
    const commit = commitOf({ puts: [put(eid, 'a')] });
    const result = await store.commit([commit, commit]);
    assert.deepEqual(result.ok ? undefined : { index: result.index, refusal: result.refusal }, {
      index: 1,
      refusal: { kind: 'already', seq: 2 },
    });
    assert.equal(await store.item(eid, 'things', 'a'), undefined);
  }),
  defineCase(
    'refusal-conflict',
    'names the state, the version expected and the version there, for what is read as for what is written',
    async ({ store }) => {
      const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1), full(-1, 1, '[]', 'other')] });
      await write(store, { changes: [full(eid, 2)] });
      const expected = { kind: 'conflict', eid, state: 'list', expected: 1, actual: 2 };
      assert.deepEqual(
        (
          await refuse(store, {
            expects: [
              { eid, state: 'other', version: 1 },
              { eid, state: 'list', version: 1 },
            ],
            changes: [full(eid, 2, '[]', 'other')],
          })
        ).refusal,
        expected,
      );
      assert.deepEqual((await refuse(store, { expects: [{ eid, state: 'never', version: 1 }] })).refusal, {
        kind: 'conflict',
        eid,
        state: 'never',
        expected: 1,
        actual: 0,
      });
      assert.deepEqual((await refuse(store, { expects: [{ eid, state: 'list', version: 0 }] })).refusal, { ...expected, expected: 0 });
    },
  ),
  defineCase('refusal-unmet', 'says which requirement does not hold and what is there', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { puts: [put(-1, 'k', '"there"')] });
    const item = { eid, collection: 'things', key: 'k' };
    const found = { ...item, rev: 1, body: '"there"' };
    assert.deepEqual(
      (
        await refuse(store, {
          requires: [
            { ...item, rev: 1 },
            { ...item, rev: 'absent' },
          ],
        })
      ).refusal,
      { kind: 'unmet', index: 1, found },
    );
    assert.deepEqual((await refuse(store, { requires: [{ ...item, rev: 2 }] })).refusal, { kind: 'unmet', index: 0, found });
    assert.deepEqual((await refuse(store, { requires: [{ ...item, key: 'none', rev: 1 }] })).refusal, { kind: 'unmet', index: 0 });
    await write(store, {
      requires: [
        { ...item, rev: 1 },
        { ...item, key: 'none', rev: 'absent' },
      ],
    });
  }),
  defineCase('refusal-gone', 'refuses whatever touches a deleted entity, in any part of a commit', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
    await write(store, { drops: [eid] });
    const uses: readonly Partial<Commit>[] = [
      { expects: [{ eid, state: 'list', version: 1 }] },
      { requires: [{ eid, collection: 'things', key: 'k', rev: 'absent' }] },
      { changes: [full(eid, 2)] },
      { puts: [put(eid, 'k')] },
      { deletes: [{ eid, collection: 'things', key: 'k' }] },
      { touch: [{ eid, ttlMs: null }] },
      { drops: [eid] },
      { idempotency: { eid, key: 'k', inputHash: '', body: '', ttlMs: 1 } },
      { creates: [{ ref: -1, scope: 'team', id: 'child', parent: eid }] },
    ];
    for (const use of uses) assert.deepEqual((await refuse(store, use)).refusal, { kind: 'gone', eid }, JSON.stringify(use));
  }),
  defineCase('refusal-exists', 'refuses to create an entity that exists and says which it is', async ({ store }) => {
    const eid = await createEntity(store, 'one');
    assert.deepEqual((await refuse(store, { creates: [{ ref: -9, scope: 'conversation', id: 'one' }] })).refusal, {
      kind: 'exists',
      ref: -9,
      eid,
    });
    const { index, refusal } = await refuse(
      store,
      { creates: [{ ref: -1, scope: 'team', id: 'new' }] },
      { creates: [{ ref: -2, scope: 'team', id: 'new' }] },
    );
    assert.equal(index, 1);
    assert.equal(refusal.kind, 'exists');
    const twice = await refuse(store, {
      creates: [
        { ref: -1, scope: 'team', id: 'new' },
        { ref: -2, scope: 'team', id: 'new' },
      ],
    });
    assert.deepEqual(twice.refusal, { kind: 'exists', ref: -2, eid: -1 });
    assert.equal(await store.entity('team', 'new'), undefined);
  }),
  defineCase(
    'refusal-not-absent',
    'refuses what was computed without an entity that exists, or that its batch creates before',
    async ({ store }) => {
      const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
      assert.deepEqual((await refuse(store, { ...without('one'), changes: [full(eid, 2)] })).refusal, { kind: 'exists', ref: -9, eid });
      assert.deepEqual((await refuse(store, without('one'))).refusal, { kind: 'exists', ref: -9, eid });
      const { index, refusal } = await refuse(store, { creates: [{ ref: -1, scope: 'conversation', id: 'two' }] }, without('two'));
      assert.deepEqual([index, refusal.kind], [1, 'exists']);
      await write(store, { ...without('two'), changes: [full(eid, 2)] });
      await write(store, { drops: [eid] });
      await write(store, without('one'));
    },
  ),
  defineCase(
    'refusal-order',
    'looks at commitId, idempotency key, entities, requirements and versions in this order',
    async ({ store }) => {
      const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
      const gone = await createEntity(store, 'gone');
      await write(store, { drops: [gone] });
      const first = commitOf({ puts: [put(eid, 'k')], idempotency: { eid, key: 'used', inputHash: 'h', body: '"result"', ttlMs: 60_000 } });
      assert.ok((await store.commit([first])).ok);
      const everythingWrong: Partial<Commit> = {
        commitId: first.commitId,
        idempotency: { eid, key: 'used', inputHash: 'h', body: '', ttlMs: 60_000 },
        touch: [{ eid: gone, ttlMs: 1 }],
        requires: [{ eid, collection: 'things', key: 'k', rev: 'absent' }],
        expects: [{ eid, state: 'list', version: 7 }],
      };
      const { commitId: _id, ...unsent } = everythingWrong;
      const { idempotency: _key, ...unkeyed } = unsent;
      const steps: readonly [string, Partial<Commit>][] = [
        ['already', everythingWrong],
        ['replay', unsent],
        ['gone', unkeyed],
        ['exists', { ...unkeyed, touch: [], creates: [{ ref: -1, scope: 'conversation', id: 'one' }] }],
        ['exists', { ...unkeyed, touch: [], absent: [{ ref: -1, scope: 'conversation', id: 'one' }] }],
        ['unmet', { ...unkeyed, touch: [] }],
        ['conflict', { ...unkeyed, touch: [], requires: [] }],
      ];
      for (const [kind, commit] of steps) assert.equal((await refuse(store, commit)).refusal.kind, kind);
    },
  ),
  defineCase('refusal-now', 'tells its time with every answer', async ({ store }) => {
    const [before, written, after] = [await store.now(), await store.commit([commitOf({})]), await store.now()];
    assert.ok(before <= written.now && written.now <= after);
    const refused = await store.commit([commitOf({ drops: [12_345] })]);
    assert.ok(!refused.ok && refused.now >= after);
  }),
];

function without(id: string): Pick<Commit, 'absent'> {
  return { absent: [{ ref: -9, scope: 'conversation', id }] };
}
