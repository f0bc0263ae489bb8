// A display follows a part of a state: it is told the newest value, skips those in between, and stays silent about the rest.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ total: z.int(), note: z.string() }),
  initial: { total: 0, note: '' },
});

await using state = await StateManager.open({ store: memory() });
const tab = await state.conversation('anna').get(Tab);

const shown: string[] = [];
const closing = new AbortController();
tab.subscribe(
  ({ total }) => total,
  (now, was) => {
    shown.push(`${was} → ${now}`);
    console.log(`the display changes: ${was} → ${now}`);
  },
  { signal: closing.signal },
);

// Listeners are called after the commits of a turn, outside of them: a slow one holds nobody up.
await Promise.all([5, 8, 13].map((price) => tab.update((draft) => void (draft.total += price))));
await nextTurn();
assert.deepEqual(shown, ['0 → 26']);

await tab.update((draft) => void (draft.note = 'window seat'));
await nextTurn();
assert.equal(shown.length, 1); // The total did not change.

await tab.update((draft) => void (draft.total -= 6));
await nextTurn();
assert.deepEqual(shown, ['0 → 26', '26 → 20']);

closing.abort();
await tab.update((draft) => void (draft.total = 0));
await nextTurn();
assert.equal(shown.length, 2);
console.log('closed: it is told nothing more');
