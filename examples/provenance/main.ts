// Who changed what, when and why: the history of a state, the commit behind a place, and the first one that broke a rule.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ drinks: z.array(z.string()), total: z.int() }),
  initial: { drinks: [], total: 0 },
});

await using state = await StateManager.open({ store: memory() });
const tab = await state.conversation('anna').get(Tab);

const add = (drink: string, price: number) => (draft: { drinks: string[]; total: number }) => {
  draft.drinks.push(drink);
  draft.total += price;
};
await tab.update(add('Beer', 5), { actor: 'anna', cause: 'a beer please' });
await tab.update(add('Gin', 8), { actor: 'maya', toolCall: 'call-7', cause: 'the usual' });
await tab.update((draft) => void (draft.total -= 20), { actor: 'discount-job', trace: 'trace-42' });
await tab.update(add('Water', 1), { actor: 'anna', cause: 'and a water' });

for await (const { version, actor, cause } of tab.history()) console.log(`version ${version} by ${actor}: ${cause ?? 'no reason given'}`);

const gin = await tab.blame(['drinks', 1]);
console.log('who ordered the gin?', gin?.actor, gin?.toolCall);
assert.deepEqual([gin?.version, gin?.actor, gin?.toolCall], [2, 'maya', 'call-7']);

const broken = await tab.bisect(({ total }) => total >= 0);
console.log('who made the total negative?', broken?.actor, broken?.trace);
assert.deepEqual([broken?.version, broken?.actor], [3, 'discount-job']);

const difference = await tab.compare(2, 4);
console.log('what changed since version 2?', difference);
assert.deepEqual(difference, [
  { op: 'splice', path: ['drinks'], index: 2, remove: 0, items: ['Water'] },
  { op: 'replace', path: ['total'], value: -6 },
]);
