// Moves money from a guest's wallet (conversation) into the bar's till (team) in one commit: both states change, or neither.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

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
const bar = state.team('bar');
const wallet = await state.conversation('anna', { parent: bar }).get(Wallet);
const till = await bar.get(Till);

const pay = (amount: number) =>
  state.transaction([wallet, till], ([from, to]) => {
    to.taken += amount;
    from.balance -= amount;
  });

const { versions } = await pay(60);
assert.deepEqual(versions, [
  { scope: 'conversation', id: 'anna', state: 'wallet', version: 1 },
  { scope: 'team', id: 'bar', state: 'till', version: 1 },
]);
console.log(`paid 60: wallet ${wallet.current.balance}, till ${till.current.taken}`);

// The wallet would go below zero, so the till does not get anything either.
await assert.rejects(pay(60), { code: 'VALIDATION_FAILED' });
assert.deepEqual(wallet.current, { balance: 40 });
assert.deepEqual(till.current, { taken: 60 });
console.log(`60 more refused: wallet ${wallet.current.balance}, till ${till.current.taken}`);

// What the recipe itself throws undoes all of it, too.
const interrupted = state.transaction([wallet, till], ([from, to]) => {
  to.taken += 10;
  from.balance -= 10;
  throw new Error('changed my mind');
});
await assert.rejects(interrupted, /changed my mind/);
assert.deepEqual([wallet.version, till.version], [1, 1]);
console.log('a recipe that throws: still version 1 of both');
