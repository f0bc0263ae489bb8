import { defineState, type StateDefinition } from 'holdfast';
import { emptyCommit, type Commit, type Store } from 'holdfast/store';
import { z } from 'zod';

const WORDS = 'negroni please no ice one for Anna sour today rye which price again gin bitter paid orange late table four and'.split(' ');
const CHARACTERS = 2_000;

const NotesSchema = z.strictObject({ turns: z.int(), notes: z.array(z.string()) });

/** What a conversation of about 2 kB holds. */
export const Notes: StateDefinition<z.infer<typeof NotesSchema>, 'conversation'> = defineState({
  name: 'notes',
  scope: 'conversation',
  schema: NotesSchema,
  initial: { turns: 0, notes: [] },
});

/** About 2 kB of sentences that are another for each index, the same in every run. */
export function notesOf(index: number): z.infer<typeof NotesSchema> {
  let seed = index * 2_654_435_761;
  const word = (): string => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return `${WORDS[seed % WORDS.length]}${seed % 7 === 0 ? seed % 1_000 : ''}`;
  };
  const notes: string[] = [];
  for (let length = 0; length < CHARACTERS - 60;) {
    const note = Array.from({ length: 12 }, word).join(' ');
    notes.push(note);
    length += note.length + 3;
  }
  return { turns: notes.length, notes };
}

export interface NewConversations {
  /** Of the first one: `c-<from>`. */
  readonly from: number;
  readonly count: number;
  readonly ttlMs?: number;
}

/** Makes conversations through the store's own batches, each by a commit of its own; loses the last ones in a crash of the machine. */
export async function addConversations(store: Store, { from, count, ttlMs }: NewConversations): Promise<void> {
  const batch = Array.from({ length: count }, (_, offset): Commit => {
    const ref = -1 - offset;
    const creation = { ref, scope: 'conversation', id: `c-${from + offset}`, ...(ttlMs !== undefined && { ttlMs }) };
    const change = { eid: ref, state: Notes.name, version: 1, defVersion: 1, kind: 'full' as const };
    return { ...emptyCommit(), creates: [creation], changes: [{ ...change, body: JSON.stringify(notesOf(from + offset)) }] };
  });
  const result = await store.commit(batch);
  if (!result.ok) throw new Error(`not written: ${result.refusal.kind}`);
}
