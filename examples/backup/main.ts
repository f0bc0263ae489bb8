// Copies a database that is in use; the copy is a whole store of its own, at one moment.
import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ total: z.int() }),
  initial: { total: 0 },
});

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const copy = join(directory.path, 'bar-backup.db');

await using state = await StateManager.open({ store: sqlite(join(directory.path, 'bar.db')) });
const anna = state.conversation('anna');
const tab = await anna.get(Tab);
await tab.update((draft) => void (draft.total += 13));
await anna.checkpoint('first round');

await state.backup(copy);
await tab.update((draft) => void (draft.total += 8));
console.log(`original: ${tab.current.total} at version ${tab.version}`);

// An existing file is never overwritten.
await assert.rejects(state.backup(copy), { code: 'INVALID_ARGUMENT' });

await using restored = await StateManager.open({ store: sqlite(copy) });
const tabThen = await restored.conversation('anna').get(Tab);
assert.deepEqual([tabThen.version, tabThen.current.total], [1, 13]);
const checkpoints = await restored.conversation('anna').checkpoints();
assert.deepEqual(
  checkpoints.map(({ name }) => name),
  ['first round'],
);
console.log(`backup: ${tabThen.current.total} at version ${tabThen.version}, with its checkpoints`);

// The two go their own ways from there.
await tabThen.update((draft) => void (draft.total = 0));
assert.deepEqual(await tab.refresh(), { total: 21 });
console.log(`original, untouched: ${tab.current.total}`);
