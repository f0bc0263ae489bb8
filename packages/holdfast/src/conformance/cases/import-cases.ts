import assert from 'node:assert/strict';
import type { ImportPart, Store } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, dump, full, patch, put, write } from '../records.ts';

export const importCases: readonly CaseDefinition[] = [
  defineCase(
    'import-whole',
    'becomes what another store is: the same records under the same numbers, and goes on behind them',
    async (context) => {
      await fillStore(context.store);
      const target = await context.over(context.missing(), { importing: true });
      for (const part of await partsOf(context.store)) await importInto(target, part);
      await importInto(target, 'end');
      await target.close();
      for (let round = 0; round < 2; round += 1) {
        const copy = await context.over(target);
        assert.deepEqual(await dump(copy), await dump(context.store));
        const { eid } = (await copy.entity('conversation', 'one')) ?? { eid: 0 };
        for (const version of [1, 2, 3, 4])
          assert.deepEqual(await copy.load(eid, 'list', version), await context.store.load(eid, 'list', version));
        await copy.close();
      }
      const copy = await context.over(target);
      assert.notEqual((await copy.open()).storeId, (await context.store.open()).storeId);
      const { seq } = await copy.open();
      const made = await createEntity(copy, 'new');
      assert.ok(made > (await highestEid(context.store)), 'an eid was given out twice');
      assert.equal((await copy.open()).seq, seq + 1);
      const { eid } = (await copy.entity('conversation', 'one')) ?? { eid: 0 };
      await write(copy, { expects: [{ eid, state: 'list', version: 5 }], changes: [patch(eid, 6)] });
      assert.equal((await copy.load(eid, 'list'))?.head, 6);
    },
    ['import'],
  ),
  defineCase(
    'import-unfinished',
    'opens for nothing but importing until the import has ended, and says how far it has come',
    async (context) => {
      await fillStore(context.store);
      const [first, second, ...rest] = await partsOf(context.store);
      const target = await context.over(context.missing(), { importing: true });
      assert.equal((await target.open()).standing, '');
      await importInto(target, first as ImportPart);
      await target.close();
      for (const options of [{}, { readOnly: true }])
        await assert.rejects(context.harness.again(target, { clock: Date.now }).open(options), { code: 'CORRUPT_STATE' });
      const again = await context.over(target, { importing: true });
      assert.equal((await again.open()).standing, first?.standing);
      for (const part of [second as ImportPart, ...rest]) await importInto(again, part);
      await importInto(again, 'end');
      await again.close();
      const copy = await context.over(target);
      assert.equal((await copy.open()).standing, undefined);
      assert.deepEqual(await dump(copy), await dump(context.store));
    },
    ['import'],
  ),
  defineCase(
    'import-refused',
    'is imported into only when it is empty and was opened for it, and begins anew when told to',
    async (context) => {
      await fillStore(context.store);
      const before = await dump(context.store);
      const parts = await partsOf(context.store);
      await assert.rejects(importInto(context.store, parts[0] as ImportPart), { code: 'INVALID_ARGUMENT' });
      await context.store.close();
      await assert.rejects(context.harness.again(context.store, { clock: Date.now }).open({ importing: true }), {
        code: 'INVALID_ARGUMENT',
      });
      assert.deepEqual(await dump(await context.reopen()), before);
      const target = await context.over(context.missing(), { importing: true });
      for (const part of parts) await importInto(target, part);
      await importInto(target, { clear: true, standing: 'anew' });
      assert.deepEqual(await target.entities({}, undefined, 10), []);
      assert.equal((await target.open()).seq, 0);
      for (const part of parts) await importInto(target, part);
      await importInto(target, 'end');
      await target.close();
      assert.deepEqual(await dump(await context.over(target)), before);
    },
    ['import'],
  ),
];

async function fillStore(store: Store): Promise<void> {
  const team = await createEntity(store, 'bar', { scope: 'team' });
  const eid = await createEntity(store, 'one', { parent: team, subject: 'anna', ttlMs: 1e9 }, { changes: [full(-1, 1)] });
  const changes = [2, 3, 4, 5].map((version) => patch(eid, version));
  for (const change of changes)
    await write(store, { changes: [change, full(team, change.version - 1)], meta: { actor: 'a "b"', flags: ['bound'], spans: 2 } });
  await createEntity(store, 'fork', { origin: { eid, id: 'one', versions: { list: 3 } } }, { changes: [full(-1, 4)] });
  await write(store, { puts: [put(eid, 'k', '"ü\\u0000"'), put(eid, 'brief', '{}', { ttlMs: 1e9 }), put(team, 'k')] });
  await write(store, { idempotency: { eid, key: 'i', inputHash: 'h', body: '"r"', ttlMs: 1e9 } });
  await store.compact({
    snapshots: [1, 3].map((version) => ({
      eid,
      state: 'list',
      version,
      defVersion: 1,
      body: JSON.stringify(version === 1 ? [1] : [1, 2, 3]),
    })),
    prune: [{ eid, state: 'list', beforeVersion: 4, keepSnapshots: [1, 3] }],
  });
  const gone = await createEntity(store, 'gone', {}, { changes: [full(-1, 1)] });
  await write(store, { drops: [gone] });
}

/** What fillStore has made, in three parts. */
async function partsOf(store: Store): Promise<readonly ImportPart[]> {
  const entities = await store.entities({}, undefined, 100);
  const { commits } = await store.log(0, {}, 1_000);
  const { eid } = (await store.entity('conversation', 'one')) ?? { eid: 0 };
  const snapshots = [];
  for (const version of [1, 3]) {
    const base = (await store.load(eid, 'list', version))?.base;
    if (base) snapshots.push({ eid, state: 'list', ...base });
  }
  const items = [
    ...(await store.items({ collection: 'things' }, undefined, 100)),
    ...(await store.items({ collection: '$idem' }, undefined, 100)),
  ];
  return [
    { entities, standing: 'entities' },
    { commits: commits.slice(0, 3), standing: 'some commits' },
    { commits: commits.slice(3), snapshots: [...snapshots, ...snapshots], items, standing: 'all of it "ü"' },
  ];
}

async function importInto(store: Store, part: ImportPart | 'end'): Promise<void> {
  await store.import?.(part);
}

async function highestEid(store: Store): Promise<number> {
  const { commits } = await store.log(0, {}, 1_000);
  const eids = [...(await store.entities({}, undefined, 100)), ...commits.flatMap(({ drops }) => drops)].map(({ eid }) => eid);
  return Math.max(...eids);
}
