// A tool call whose reply was lost is sent again: the order is placed once, and the repeat gets the first answer.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Order = defineState({
  name: 'order',
  scope: 'conversation',
  schema: z.strictObject({ drinks: z.array(z.string()) }),
  initial: { drinks: [] },
});

await using state = await StateManager.open({ store: memory() });
const order = await state.conversation('anna').get(Order);

/** The tool as the model calls it; the id of the call is the key. */
const orderDrink = (toolCall: { id: string; input: { drink: string } }) =>
  order.update(
    (draft) => {
      draft.drinks.push(toolCall.input.drink);
      return { place: draft.drinks.length };
    },
    { idempotency: { key: toolCall.id, input: toolCall.input }, toolCall: toolCall.id, actor: 'agent' },
  );

const toolCall = { id: 'call-1', input: { drink: 'Martini' } };
const first = await orderDrink(toolCall);
assert.equal(first.replayed, false);
console.log('first call:', first.value);

await orderDrink({ id: 'call-2', input: { drink: 'Beer' } });
const repeat = await orderDrink(toolCall);
assert.equal(repeat.replayed, true);
assert.deepEqual(repeat.value, { place: 1 }); // The answer of then, not of now.
assert.deepEqual(order.current.drinks, ['Martini', 'Beer']);
console.log('the same call again:', repeat.value, 'replayed');

// Another request under a used key is a mistake of the caller, and said so instead of being swallowed.
await assert.rejects(orderDrink({ id: 'call-1', input: { drink: 'Champagne' } }), {
  code: 'IDEMPOTENCY_MISMATCH',
  data: { entity: 'conversation:anna', key: 'call-1' },
});
assert.deepEqual(order.current.drinks, ['Martini', 'Beer']);
console.log('the same key with another input: IDEMPOTENCY_MISMATCH');
