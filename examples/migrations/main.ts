// Version 2 of a state splits the name in two: stored values are brought forward when they are read. Older programs may look, not write.
import assert from 'node:assert/strict';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const GuestV1 = defineState({
  name: 'guest',
  scope: 'conversation',
  schema: z.strictObject({ name: z.string() }),
  initial: { name: '' },
});

const Guest = defineState({
  name: 'guest',
  scope: 'conversation',
  version: 2,
  schema: z.strictObject({ first: z.string(), last: z.string() }),
  initial: { first: '', last: '' },
  migrations: {
    2: ({ name }: { name: string }) => {
      const [first = '', ...rest] = name.split(' ');
      return { first, last: rest.join(' ') };
    },
  },
});

const store = memory(); // Keeps its data while this process lives, like a file would.

{
  await using state = await StateManager.open({ store });
  const guest = await state.conversation('anna').get(GuestV1);
  await guest.set({ name: 'Anna Berg' });
  console.log('program 1 writes:', guest.current);
}

{
  await using state = await StateManager.open({ store });
  const guest = await state.conversation('anna').get(Guest);
  assert.deepEqual(guest.current, { first: 'Anna', last: 'Berg' });
  assert.equal(guest.version, 1); // Reading writes nothing.
  console.log('program 2 reads:', guest.current);

  await guest.update((draft) => void (draft.last = 'Bergman'));
  assert.deepEqual(guest.current, { first: 'Anna', last: 'Bergman' });
  assert.deepEqual(await guest.at(1), { first: 'Anna', last: 'Berg' });
  console.log('program 2 writes:', guest.current);
}

// Program 1 is still running somewhere: it gets what is stored, raw, and cannot damage it.
await using state = await StateManager.open({ store });
const guest = await state.conversation('anna').get(GuestV1);
const raw: unknown = guest.current;
assert.deepEqual(raw, { first: 'Anna', last: 'Bergman' });
const outdated = guest.update((draft) => void (draft.name = 'Anna B.'));
await assert.rejects(outdated, (error) => isHoldfastError(error, 'NEWER_VERSION') && error.data.found === 2 && error.data.known === 1);
assert.equal(guest.version, 2);
console.log('program 1 writes again: NEWER_VERSION');
