import assert from 'node:assert/strict';
import type { Store, UsageRow } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, patch, put, write } from '../records.ts';

export const usageCases: readonly CaseDefinition[] = [
  defineCase('usage-all', 'counts what is stored by kind, scope and name, with the bytes of the bodies', async (context) => {
    assert.deepEqual((await context.store.usage()).rows, []);
    await fill(context.store);
    for await (const store of context.beforeAndAfterReopening()) {
      const { rows, totalBytes } = await store.usage();
      assert.deepEqual(counted(rows), [
        'change conversation list 3 12',
        'change conversation ü 1 3',
        'change team list 1 3',
        'commit - - 3 *',
        'entity conversation - 1 0',
        'entity team - 1 0',
        'item conversation things 2 4',
        'item team $lease 1 2',
        'snapshot conversation list 1 *',
      ]);
      assert.ok(rows.every(({ kind, bytes }) => kind === 'entity' || bytes > 0));
      const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
      assert.ok(totalBytes === undefined || totalBytes > bytes, `${totalBytes} bytes in all, ${bytes} of them counted`);
    }
  }),
  defineCase('usage-entity', 'counts what one entity has, and nothing where there is none', async ({ store }) => {
    const { conversation, team } = await fill(store);
    assert.deepEqual(counted((await store.usage(team)).rows), ['change team list 1 3', 'entity team - 1 0', 'item team $lease 1 2']);
    assert.equal((await store.usage(team)).totalBytes, undefined);
    await write(store, { drops: [conversation] });
    assert.deepEqual(await store.usage(conversation), { rows: [] });
    assert.deepEqual(
      (await store.usage()).rows.filter(({ scope }) => scope === 'conversation'),
      [],
    );
  }),
];

async function fill(store: Store): Promise<{ readonly conversation: number; readonly team: number }> {
  const conversation = await createEntity(
    store,
    'one',
    {},
    { changes: [full(-1, 1), full(-1, 1, '[1]', 'ü')], puts: [put(-1, 'a'), put(-1, 'b')] },
  );
  const lease = { eid: -1, collection: '$lease', key: 'turn', body: '{}', ttlMs: 60_000 };
  const team = await createEntity(store, 'two', { scope: 'team' }, { changes: [full(-1, 1)], puts: [lease] });
  await write(store, { changes: [patch(conversation, 2), patch(conversation, 3, '["ü"]')] });
  await store.compact({ snapshots: [{ eid: conversation, state: 'list', version: 2, defVersion: 1, body: '[1,2]' }], prune: [] });
  return { conversation, team };
}

/** Rows as lines; the bytes of those that a store may keep as it likes are left out. */
function counted(rows: readonly UsageRow[]): string[] {
  return rows
    .map(({ kind, scope = '-', name = '-', records, bytes }) => {
      const isFree = kind === 'commit' || kind === 'snapshot';
      return `${kind} ${scope} ${name} ${records} ${isFree ? '*' : bytes}`;
    })
    .toSorted();
}
