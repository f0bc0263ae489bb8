import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, patch, patchesOf, valueOf, write } from '../records.ts';

const upTo = (version: number): number[] => Array.from({ length: version }, (_, index) => index + 1);

export const loadCases: readonly CaseDefinition[] = [
  defineCase('load-versions', 'builds the state at every version, from full values, patches and snapshots alike', async (context) => {
    const eid = await createEntity(context.store);
    for (const version of upTo(20))
      await write(context.store, {
        changes: [version === 1 || version === 9 ? full(eid, version, JSON.stringify(upTo(version))) : patch(eid, version)],
      });
    const snapshots = [4, 9, 14, 20].map((version) => ({
      eid,
      state: 'list',
      version,
      defVersion: 1,
      body: JSON.stringify(upTo(version)),
    }));
    for await (const store of context.beforeAndAfterReopening()) {
      for (const version of upTo(20)) {
        const loaded = await store.load(eid, 'list', version);
        assert.equal(loaded?.head, 20);
        assert.deepEqual(valueOf(loaded), upTo(version));
        const versions = patchesOf(loaded).map((each) => each.version);
        assert.deepEqual(versions, upTo(version).slice(loaded?.base.version));
      }
      assert.deepEqual(await store.load(eid, 'list'), await store.load(eid, 'list', 20));
      assert.deepEqual(await store.load(eid, 'list', 9), {
        head: 20,
        base: { version: 9, defVersion: 1, body: JSON.stringify(upTo(9)) },
        patches: [],
      });
      await store.compact({ snapshots, prune: [] });
    }
    assert.equal((await context.store.load(eid, 'list', 16))?.base.version, 14, 'the newest base is used');
    assert.equal((await context.store.load(eid, 'list'))?.patches.length, 0);
  }),
  defineCase('load-absent', 'knows no state of no version, and no version that is not there', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
    assert.equal(await store.load(eid, 'never'), undefined);
    assert.equal(await store.load(eid, 'List'), undefined);
    assert.equal(await store.load(eid + 99, 'list'), undefined);
    for (const version of [0, -1, 2, 1_000]) assert.equal(await store.load(eid, 'list', version), undefined, `version ${version}`);
    assert.deepEqual(await store.heads(eid + 99), []);
  }),
  defineCase('load-goes-on', 'lets the versions of a state start above 1, as those of a fork do', async ({ store }) => {
    const eid = await createEntity(store, 'fork', {}, { changes: [full(-1, 7, '[7]')] });
    await write(store, { expects: [{ eid, state: 'list', version: 7 }], changes: [patch(eid, 8)] });
    assert.deepEqual(valueOf(await store.load(eid, 'list')), [7, 8]);
    assert.equal(await store.load(eid, 'list', 6), undefined);
  }),
  defineCase('load-def-version', 'keeps the definition version and kind of every change', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [{ ...full(-1, 1), defVersion: 3 }] });
    await write(store, { changes: [{ ...patch(eid, 2), defVersion: 4 }] });
    const loaded = await store.load(eid, 'list');
    assert.equal(loaded?.base.defVersion, 3);
    assert.deepEqual(patchesOf(loaded), [{ version: 2, defVersion: 4, body: patch(eid, 2).body }]);
  }),
  defineCase('load-heads', 'tells the newest version of each state of an entity, ordered by state', async ({ store }) => {
    const states = ['b', 'a', 'B', '__proto__', 'constructor', 'é'];
    const eid = await createEntity(store, 'one', {}, { changes: states.map((state) => full(-1, 1, '[]', state)) });
    await write(store, { changes: [full(eid, 2, '[]', 'a')] });
    assert.deepEqual(
      await store.heads(eid),
      ['B', '__proto__', 'a', 'b', 'constructor', 'é'].map((state) => ({ state, version: state === 'a' ? 2 : 1 })),
    );
  }),
];
