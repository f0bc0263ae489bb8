import assert from 'node:assert/strict';
import type { Store } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import type { StoreHarness } from '../harness.ts';
import { createEntity, dump, full, patch, put, write } from '../records.ts';

export const backupCases: readonly CaseDefinition[] = [
  defineCase(
    'backup-copy',
    'copies the store under another id, without leases, and goes on by itself',
    async ({ store, harness }) => {
      const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)], puts: [put(-1, 'k')] });
      const before = await dump(store);
      await write(store, { puts: [{ eid, collection: '$lease', key: 'turn', body: '{}', ttlMs: 60_000 }] });
      const { storeId } = await store.open();
      const path = harness.backupPath?.(store) as string;
      await backUp(store, path);
      await withBackup(harness, path, async (copy) => {
        assert.notEqual((await copy.open()).storeId, storeId);
        assert.equal(await copy.item(eid, '$lease', 'turn'), undefined);
        const { log: _log, ...records } = (await dump(copy)) as { log: unknown };
        const { log: _before, ...expected } = before as { log: unknown };
        assert.deepEqual(records, expected);
        await write(copy, { expects: [{ eid, state: 'list', version: 1 }], changes: [patch(eid, 2)] });
      });
      assert.deepEqual(await store.heads(eid), [{ state: 'list', version: 1 }]);
      await assert.rejects(backUp(store, path), { code: 'INVALID_ARGUMENT' });
    },
    ['backup'],
  ),
  defineCase(
    'backup-consistent',
    'copies one moment while commits go on',
    async ({ store, harness }) => {
      const eid = await createEntity(
        store,
        'one',
        {},
        {
          changes: [full(-1, 1, '[1]', 'a'), full(-1, 1, '[1]', 'b')],
          puts: Array.from({ length: 200 }, (_, index) => put(-1, `k${index}`, JSON.stringify('x'.repeat(2_000)))),
        },
      );
      const path = harness.backupPath?.(store) as string;
      let isDone = false;
      const copying = backUp(store, path).finally(() => {
        isDone = true;
      });
      for (let version = 2; !isDone; version += 1) {
        await write(store, { changes: [full(eid, version, `[${version}]`, 'a'), full(eid, version, `[${version}]`, 'b')] });
        await new Promise(setImmediate);
      }
      await copying;
      await withBackup(harness, path, async (copy) => {
        const heads = await copy.heads(eid);
        assert.equal(heads.length, 2);
        assert.equal(heads[0]?.version, heads[1]?.version);
      });
    },
    ['backup'],
  ),
];

async function backUp(store: Store, path: string): Promise<void> {
  await store.backup?.(path);
}

async function withBackup(harness: StoreHarness, path: string, body: (copy: Store) => Promise<void>): Promise<void> {
  const copy = harness.openBackup?.(path) as Store;
  try {
    await copy.open();
    await body(copy);
  } finally {
    await copy.close();
  }
}
