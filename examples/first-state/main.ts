// Defines a state, changes it, and finds it again after the database was closed and reopened.
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
  schema: z.strictObject({
    items: z.array(z.strictObject({ name: z.string(), price: z.int().positive() })),
    total: z.int().nonnegative(),
  }),
  initial: { items: [], total: 0 },
});

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'bar.db');

{
  await using state = await StateManager.open({ store: sqlite(path) });
  const tab = await state.conversation('anna').get(Tab);
  assert.equal(tab.version, 0); // never written: its initial value

  const { value: total } = await tab.update((draft) => {
    draft.items.push({ name: 'Martini', price: 1300 }); // cents
    draft.total += 1300;
    return draft.total;
  });
  assert.equal(total, 1300);
  console.log(`ordered: version ${tab.version}, total ${total}`);
}

await using state = await StateManager.open({ store: sqlite(path) });
const tab = await state.conversation('anna').get(Tab);
assert.equal(tab.version, 1);
assert.deepEqual(tab.current, { items: [{ name: 'Martini', price: 1300 }], total: 1300 });
assert(Object.isFrozen(tab.current.items));
console.log(`reopened: version ${tab.version}, total ${tab.current.total}`);
