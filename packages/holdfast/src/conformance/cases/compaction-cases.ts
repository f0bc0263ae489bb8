import assert from 'node:assert/strict';
import type { Snapshot } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, patch, valueOf, write } from '../records.ts';

const upTo = (version: number): number[] => Array.from({ length: version }, (_, index) => index + 1);
const snapshotOf = (eid: number, version: number): Snapshot => ({
  eid,
  state: 'list',
  version,
  defVersion: 1,
  body: JSON.stringify(upTo(version)),
});

export const compactionCases: readonly CaseDefinition[] = [
  defineCase('compact-prune', 'reaches what is kept and pinned after pruning, and nothing else', async (context) => {
    const eid = await createEntity(context.store);
    for (const version of upTo(12)) await write(context.store, { changes: [version === 1 ? full(eid, 1) : patch(eid, version)] });
    await context.store.compact({ snapshots: [snapshotOf(eid, 3), snapshotOf(eid, 8)], prune: [{ eid, state: 'list', beforeVersion: 9 }] });
    for await (const store of context.beforeAndAfterReopening()) {
      for (const version of [1, 2, 4, 5, 6, 7])
        assert.equal(await store.load(eid, 'list', version), undefined, `version ${version} was pruned`);
      for (const version of [3, 8, 9, 10, 11, 12]) assert.deepEqual(valueOf(await store.load(eid, 'list', version)), upTo(version));
      assert.deepEqual(valueOf(await store.load(eid, 'list')), upTo(12));
    }
    const { commits } = await context.store.log(0, {}, 100);
    assert.deepEqual(
      commits.flatMap(({ changes }) => changes.map(({ version, isOldest }) => (isOldest ? `${version} is the oldest` : version))),
      ['9 is the oldest', 10, 11, 12],
    );
    assert.deepEqual((await context.store.log(11, { eid }, 1)).commits[0]?.changes, [
      { ...patch(eid, 11), scope: 'conversation', id: 'one' },
    ]);
    assert.equal(commits.length, 13, 'the commits themselves stay');
    await write(context.store, { expects: [{ eid, state: 'list', version: 12 }], changes: [patch(eid, 13)] });
    assert.deepEqual(valueOf(await context.store.load(eid, 'list')), upTo(13));
  }),
  defineCase('compact-keep-snapshots', 'deletes older snapshots when told which of them to keep', async ({ store }) => {
    const eid = await createEntity(store);
    for (const version of upTo(9)) await write(store, { changes: [version === 1 ? full(eid, 1) : patch(eid, version)] });
    await store.compact({ snapshots: [2, 4, 6].map((version) => snapshotOf(eid, version)), prune: [] });
    await store.compact({ snapshots: [snapshotOf(eid, 7)], prune: [{ eid, state: 'list', beforeVersion: 7, keepSnapshots: [4] }] });
    // What was pruned stays known when the state goes on.
    await write(store, { expects: [{ eid, state: 'list', version: 9 }], changes: [patch(eid, 10)] });
    const reachable = [];
    for (const version of upTo(10)) if (await store.load(eid, 'list', version)) reachable.push(version);
    assert.deepEqual(reachable, [4, 7, 8, 9, 10]);
  }),
  defineCase('compact-head', 'never prunes the change of the head', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
    await write(store, { changes: [full(eid, 2)] });
    await store.compact({
      snapshots: [],
      prune: [
        { eid, state: 'list', beforeVersion: 1_000 },
        { eid, state: 'never', beforeVersion: 5 },
        { eid: eid + 9, state: 'list', beforeVersion: 5 },
      ],
    });
    assert.deepEqual(valueOf(await store.load(eid, 'list')), [2]);
    assert.deepEqual(await store.heads(eid), [{ state: 'list', version: 2 }]);
  }),
  defineCase('compact-late', 'ignores snapshots of what was deleted meanwhile, and replaces those that are there', async ({ store }) => {
    const [eid, gone] = [
      await createEntity(store, 'one', {}, { changes: [full(-1, 1)] }),
      await createEntity(store, 'gone', {}, { changes: [full(-1, 1)] }),
    ];
    await write(store, { drops: [gone] });
    await store.compact({
      snapshots: [snapshotOf(gone, 1), snapshotOf(eid, 1), { ...snapshotOf(eid, 5) }],
      prune: [{ eid: gone, state: 'list', beforeVersion: 2 }],
    });
    await store.compact({ snapshots: [snapshotOf(eid, 1)], prune: [] });
    assert.equal(await store.load(gone, 'list'), undefined);
    assert.equal(await store.load(eid, 'list', 5), undefined);
    assert.deepEqual(valueOf(await store.load(eid, 'list')), [1]);
  }),
  defineCase('compact-large', 'keeps a large snapshot as it was', async (context) => {
    const eid = await createEntity(context.store, 'one', {}, { changes: [full(-1, 1)] });
    await write(context.store, { changes: [patch(eid, 2)] });
    const body = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => `entry ${index} \u{1f37a} "quoted"`));
    await context.store.compact({
      snapshots: [{ eid, state: 'list', version: 2, defVersion: 1, body }],
      prune: [{ eid, state: 'list', beforeVersion: 2 }],
    });
    assert.equal((await (await context.reopen()).load(eid, 'list'))?.base.body, body);
  }),
];
