// Pages through the conversations of a bar by prefix, and deletes one for good.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ total: z.int() }),
  initial: { total: 0 },
});

await using state = await StateManager.open({ store: memory() });
for (const id of ['bar/3', 'bar/1', 'lounge/1', 'bar/2']) {
  const tab = await state.conversation(id).get(Tab);
  await tab.set({ total: 13 });
}
await state.conversation('bar/9').get(Tab); // Only looked at: it does not exist.

// Ordered by id, in pages: the last id of a page is where the next one begins.
const found: string[] = [];
for (let after: string | undefined; ; after = found.at(-1)) {
  const page = await state.list({ scope: 'conversation', prefix: 'bar/', limit: 2, ...(after !== undefined && { after }) });
  if (page.length === 0) break;
  found.push(...page.map(({ id }) => id));
  console.log(`page: ${page.map(({ id }) => id).join(', ')}`);
}
assert.deepEqual(found, ['bar/1', 'bar/2', 'bar/3']);

const second = state.conversation('bar/2');
const tab = await second.get(Tab);
await second.delete();
assert.equal(await second.exists(), false);
assert.throws(() => tab.current, { code: 'NOT_FOUND', data: { what: 'conversation:bar/2' } });
await assert.rejects(second.delete(), { code: 'NOT_FOUND' });
assert.deepEqual(
  (await state.list({ scope: 'conversation' })).map(({ id }) => id),
  ['bar/1', 'bar/3', 'lounge/1'],
);
console.log('bar/2 is deleted, with its history');

// The same id again is another entity; the old handle does not come back to life.
const anew = await second.get(Tab);
await anew.set({ total: 5 });
assert.equal(anew.version, 1);
assert.throws(() => tab.current, { code: 'NOT_FOUND' });
console.log(`bar/2 anew: version ${anew.version}, total ${anew.current.total}`);
