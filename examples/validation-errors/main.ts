// What does not fit is refused with a code and the path of each problem, and what was there stays as it was.
import assert from 'node:assert/strict';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Guest = defineState({
  name: 'guest',
  scope: 'conversation',
  schema: z.strictObject({
    name: z.string().min(1),
    visits: z.array(z.strictObject({ drinks: z.int().nonnegative() })),
  }),
  initial: { name: 'unknown', visits: [] },
});

await using state = await StateManager.open({ store: memory() });
const guest = await state.conversation('anna').get(Guest);
await guest.set({ name: 'Anna', visits: [{ drinks: 2 }] });

// Data from outside, such as what a model wrote, may have any shape.
const fromModel = JSON.parse('{ "name": "", "visits": [{ "drinks": 2 }, { "drinks": -1 }] }') as typeof guest.current;
try {
  await guest.set(fromModel);
  assert.fail('it was accepted');
} catch (error) {
  if (!isHoldfastError(error, 'VALIDATION_FAILED')) throw error;
  assert.equal(error.data.entity, 'conversation:anna');
  assert.deepEqual(
    error.data.issues.map(({ path }) => path.join('.')),
    ['name', 'visits.1.drinks'],
  );
  for (const { path, message } of error.data.issues) console.log(`${path.join('.')}: ${message}`);
}

// A state is JSON: what JSON would lose or bend is refused, not stored as something else.
await assert.rejects(
  guest.update((draft) => void (draft.visits[0] = { drinks: Number.NaN })),
  (error) => isHoldfastError(error, 'VALIDATION_FAILED') && error.data.issues[0]?.path.join('.') === 'visits.0.drinks',
);
console.log('NaN: refused');

// Ids are checked as well; any code can be asked for by its name.
assert.throws(() => state.conversation(''), { code: 'INVALID_ID', data: { what: 'conversation id' } });
console.log('an empty id: refused');

// One bad update among good ones fails alone.
const results = await Promise.allSettled([
  guest.update((draft) => void draft.visits.push({ drinks: 1 })),
  guest.update((draft) => void draft.visits.push({ drinks: 0.5 })),
  guest.update((draft) => void draft.visits.push({ drinks: 3 })),
]);
assert.deepEqual(
  results.map(({ status }) => status),
  ['fulfilled', 'rejected', 'fulfilled'],
);
assert.deepEqual(guest.current, { name: 'Anna', visits: [{ drinks: 2 }, { drinks: 1 }, { drinks: 3 }] });
console.log('kept:', JSON.stringify(guest.current));
