// A store moves: from SQLite to files that people can edit, with its versions, checkpoints and keys; a copy that is cut short goes on.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyStore, defineState, isHoldfastError, StateManager, type CommitResult } from 'holdfast';
import { files } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ items: z.array(z.string()) }),
  initial: { items: [] },
});
const directory = mkdtempSync(join(tmpdir(), 'holdfast-move-'));
const [database, states] = [join(directory, 'bar.db'), join(directory, 'states')];
const addMartini = (state: StateManager): Promise<CommitResult<void>> =>
  state
    .conversation('anna')
    .get(Tab)
    .then((tab) => tab.update((draft) => void draft.items.push('Martini'), { idempotency: { key: 'call-1' } }));

let seen = 0;
{
  await using state = await StateManager.open({ store: sqlite(database) });
  ({ seq: seen } = await addMartini(state));
  await state.conversation('anna').checkpoint('one drink');
  await (await state.conversation('anna').get(Tab)).update((draft) => void draft.items.push('Champagne'));
}

// The process is stopped in the middle of it.
const abort = new AbortController();
const cutShort = copyStore(sqlite(database), files(states), { signal: abort.signal, onProgress: () => abort.abort() });
await assert.rejects(cutShort, { name: 'AbortError' });
await assert.rejects(StateManager.open({ store: files(states) }), (error) => isHoldfastError(error, 'CORRUPT_STATE'));
console.log('half a copy: it opens for nothing but going on');

const report = await copyStore(sqlite(database), files(states));
assert.deepEqual([report.resumed, report.entities, report.commits, report.changes], [true, 1, 3, 2]);
assert.ok(existsSync(join(states, 'conversation', 'anna', 'tab.json')));
console.log(`moved: ${report.changes} versions in ${report.commits} commits, compared by checksum`);

{
  await using state = await StateManager.open({ store: files(states) });
  const tab = await state.conversation('anna').get(Tab);
  assert.deepEqual([tab.version, await tab.at(1)], [2, { items: ['Martini'] }]);
  assert.equal((await addMartini(state)).replayed, true); // The tool call is sent once more, to the new store.
  await state.conversation('anna').restore('one drink');
  assert.deepEqual(tab.current.items, ['Martini']);
  for await (const { changes, seq } of state.changes({ since: seen })) {
    console.log(`seq ${seq}: ${changes.map(({ state: name, version }) => `${name} ${version}`).join() || 'a checkpoint'}`);
    if (changes[0]?.version === 3) break;
  }
}
rmSync(directory, { recursive: true });
