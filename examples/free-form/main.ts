// No schema yet: a free-form state takes any JSON object, and is all that a state is otherwise. When its shape has settled, version 2 has a schema.
import assert from 'node:assert/strict';
import { defineState, freeForm, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Notes = defineState({ name: 'notes', scope: 'conversation', schema: freeForm, initial: {} });
const store = memory();

{
  await using state = await StateManager.open({ store });
  const notes = await state.conversation('anna').get(Notes);
  await notes.update((draft) => {
    draft['guests'] = ['Anna', { name: 'Ben' }];
    draft['seats'] = 2;
  });
  await notes.update((draft) => {
    const { guests, seats } = draft; // What is there is found out by looking.
    if (Array.isArray(guests)) guests.push('Cleo');
    if (typeof seats === 'number') draft['seats'] = seats + 1;
  });
  assert.deepEqual(notes.current, { guests: ['Anna', { name: 'Ben' }, 'Cleo'], seats: 3 });
  assert.deepEqual(await notes.at(1), { guests: ['Anna', { name: 'Ben' }], seats: 2 });
  console.log('free form:', notes.current);

  const noJson = notes.update((draft) => void (draft['seats'] = Number.NaN));
  await assert.rejects(noJson, (error) => isHoldfastError(error, 'VALIDATION_FAILED') && error.data.issues[0]?.path[0] === 'seats');
  console.log('refused: seats is no finite number');
}

const Settled = defineState({
  name: 'notes',
  scope: 'conversation',
  version: 2,
  schema: z.strictObject({ guests: z.array(z.string()), seats: z.int() }),
  initial: { guests: [], seats: 0 },
  migrations: {
    2: ({ guests = [], seats = 0 }: { guests?: (string | { name: string })[]; seats?: number }) => ({
      guests: guests.map((guest) => (typeof guest === 'string' ? guest : guest.name)),
      seats,
    }),
  },
});

await using state = await StateManager.open({ store });
const notes = await state.conversation('anna').get(Settled);
assert.deepEqual(notes.current, { guests: ['Anna', 'Ben', 'Cleo'], seats: 3 });
console.log('with a schema:', notes.current);
