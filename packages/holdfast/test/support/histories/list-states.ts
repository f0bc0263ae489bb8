import { defineState, type StateDefinition, type StateHandle, type StateManager } from 'holdfast';
import { z } from 'zod';
import { LISTS, type History, type ListName } from './history.ts';

const EntriesSchema = z.strictObject({ entries: z.array(z.string()) });

export type Entries = z.infer<typeof EntriesSchema>;

const List: StateDefinition<Entries, 'team', 'list'> = defineState({
  name: 'list',
  scope: 'team',
  schema: EntriesSchema,
  initial: { entries: [] },
});

/** Each list is the state of a team of its own. */
export async function listStates(state: StateManager): Promise<Readonly<Record<ListName, StateHandle<Entries>>>> {
  const handles = await Promise.all(LISTS.map((list) => state.team(list).get(List)));
  return Object.fromEntries(LISTS.map((list, index) => [list, handles[index]])) as Record<ListName, StateHandle<Entries>>;
}

/** The lists as they are in the store now. */
export async function readLists(state: StateManager): Promise<History['final']> {
  const handles = await listStates(state);
  const values = await Promise.all(LISTS.map((list) => handles[list].refresh()));
  return Object.fromEntries(LISTS.map((list, index) => [list, values[index]?.entries])) as unknown as History['final'];
}
