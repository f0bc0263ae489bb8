// Rules that a schema cannot say: one over a state and its past, one over two states. A commit that would break one is refused.
import assert from 'node:assert/strict';
import { defineInvariant, defineState, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ prices: z.array(z.int().positive()), total: z.int(), isClosed: z.boolean() }),
  initial: { prices: [], total: 0, isClosed: false },
  invariants: {
    'total is the sum': ({ prices, total }) => total === prices.reduce((sum, price) => sum + price, 0),
    'closed is closed': (now, was) => !was.isClosed || now.isClosed || 'a closed tab stays closed',
  },
});
const Wallet = defineState({
  name: 'wallet',
  scope: 'conversation',
  schema: z.strictObject({ balance: z.int().nonnegative() }),
  initial: { balance: 100 },
});
const withinBudget = defineInvariant('within budget', [Tab, Wallet], ([tab, wallet]) => tab.total <= wallet.balance);

await using state = await StateManager.open({ store: memory(), invariants: [withinBudget] });
const anna = state.conversation('anna');
const tab = await anna.get(Tab);
const wallet = await anna.get(Wallet);

const order = (price: number) =>
  tab.update((draft) => {
    draft.prices.push(price);
    draft.total += price;
  });
await order(90);

await assert.rejects(
  tab.update((draft) => void (draft.total = 0)),
  { code: 'INVARIANT_VIOLATED', data: { entity: 'conversation:anna', state: 'tab', invariant: 'total is the sum' } },
);
console.log('a total that is not the sum: refused');

// The rule over two states holds whichever of them a commit writes.
const overBudget = (error: unknown) => isHoldfastError(error, 'INVARIANT_VIOLATED') && error.data.invariant === 'within budget';
await assert.rejects(order(20), overBudget);
await assert.rejects(wallet.set({ balance: 50 }), overBudget);
assert.deepEqual([tab.current.total, wallet.current.balance], [90, 100]);
console.log('a tab above the wallet, a wallet below the tab: refused');

await tab.update((draft) => void (draft.isClosed = true));
await assert.rejects(
  tab.update((draft) => void (draft.isClosed = false)),
  { code: 'INVARIANT_VIOLATED', message: /a closed tab stays closed/ },
);
assert.equal(tab.version, 2);
console.log('opening a closed tab: refused');
