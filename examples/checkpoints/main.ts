// Names a moment, goes back to it, and reads any older version; what happened together with another entity is not undone by half.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ items: z.array(z.string()) }),
  initial: { items: [] },
});
const Wallet = defineState({
  name: 'wallet',
  scope: 'conversation',
  schema: z.strictObject({ balance: z.int().nonnegative() }),
  initial: { balance: 100 },
});
const Till = defineState({
  name: 'till',
  scope: 'team',
  schema: z.strictObject({ taken: z.int().nonnegative() }),
  initial: { taken: 0 },
});

await using state = await StateManager.open({ store: memory() });
const anna = state.conversation('anna');
const [tab, wallet] = [await anna.get(Tab), await anna.get(Wallet)];
const till = await state.team('bar').get(Till);

await tab.update((draft) => void draft.items.push('Martini'));
const before = await anna.checkpoint('before champagne'); // Costs a row, not a copy.
assert.deepEqual(before.versions, { tab: 1 });
await tab.update((draft) => void draft.items.push('Champagne'));

await anna.restore(before);
assert.deepEqual(tab.current.items, ['Martini']);
console.log(`restored: ${tab.current.items.join(', ')} is version ${tab.version}`);

// Restoring is a new commit: the version in between can still be read.
assert.equal(tab.version, 3);
assert.deepEqual((await tab.at(2)).items, ['Martini', 'Champagne']);
console.log(`version 2 was: ${(await tab.at(2)).items.join(', ')}`);

// The wallet pays into the till. Rewinding the wallet alone would make money out of nothing.
await anna.checkpoint('before paying');
await state.transaction([wallet, till], ([from, to]) => {
  from.balance -= 13;
  to.taken += 13;
});
await tab.update((draft) => void draft.items.push('Water'));
await assert.rejects(anna.restore('before paying'), {
  code: 'RESTORE_REFUSED',
  data: { entity: 'conversation:anna', checkpoint: 'before paying', bound: ['wallet'] },
});
console.log('restoring over a payment: refused');

await anna.restore('before paying', { bound: 'keep' });
assert.deepEqual(tab.current.items, ['Martini']);
assert.deepEqual([wallet.current.balance, till.current.taken], [87, 13]);
console.log(`all but the payment restored: ${tab.current.items.join(', ')}, wallet ${wallet.current.balance}`);
