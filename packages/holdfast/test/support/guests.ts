import { defineState, StateManager, type Migration, type OpenOptions, type StateDefinition } from 'holdfast';
import type { Store } from 'holdfast/store';
import { z } from 'zod';

/** A state in two versions, the second of which splits the name in two; names without a space cannot be migrated. */

const V1Schema = z.strictObject({ name: z.string() });
export type GuestV1Value = z.infer<typeof V1Schema>;
export const GuestV1: StateDefinition<GuestV1Value, 'conversation', 'guest'> = defineState({
  name: 'guest',
  scope: 'conversation',
  schema: V1Schema,
  initial: { name: '' },
});

const V2Schema = z.strictObject({ first: z.string(), last: z.string() });
export type GuestValue = z.infer<typeof V2Schema>;
export const Guest: StateDefinition<GuestValue, 'conversation', 'guest'> = guestWith(({ name }: GuestV1Value) => {
  const [first, last] = name.split(' ');
  if (last === undefined) throw new Error('there is no last name');
  return { first, last };
});

/** Version 2 with another migration. */
export function guestWith(migration: Migration): StateDefinition<GuestValue, 'conversation', 'guest'> {
  return defineState({
    name: 'guest',
    scope: 'conversation',
    version: 2,
    schema: V2Schema,
    initial: { first: '', last: '' },
    migrations: { 2: migration },
  });
}

/** What a program does with a store before it ends. */
export async function program<R>(store: Store, run: (state: StateManager) => Promise<R>, options: Partial<OpenOptions> = {}): Promise<R> {
  const state = await StateManager.open({ store, ...options });
  try {
    return await run(state);
  } finally {
    await state.close();
  }
}

/** Conversations with a guest each, in version 1: each name is that of the conversation as well. */
export async function seatGuests(store: Store, ...names: readonly string[]): Promise<void> {
  await program(store, async (state) => {
    await Promise.all(names.map(async (name) => await (await state.conversation(name).get(GuestV1)).set({ name })));
  });
}
