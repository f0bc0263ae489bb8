import { fc } from '@fast-check/vitest';
import { defineState, StateManager, type ChangesOptions, type StateDefinition } from 'holdfast';
import type { Store } from 'holdfast/store';
import { expect } from 'vitest';
import { z } from 'zod';
import { FeedReader, prune, readerOfHeads } from './feed-reader.ts';

const ListSchema = z.strictObject({ entries: z.array(z.int()) });
const define = <Name extends string>(name: Name): StateDefinition<z.infer<typeof ListSchema>, 'conversation', Name> =>
  defineState({ name, scope: 'conversation', schema: ListSchema, initial: { entries: [] }, retention: { versions: 6 } });
const [A, B] = [define('a'), define('b')];
const FILTERS: readonly ChangesOptions[] = [{}, { state: 'a' }, { scope: 'conversation' }];

type FeedCommand =
  | { readonly do: 'write'; readonly id: string; readonly both: boolean }
  | { readonly do: 'replace'; readonly id: string }
  | { readonly do: 'prune'; readonly id: string; readonly state: 'a' | 'b'; readonly before: number }
  | { readonly do: 'fork'; readonly id: string }
  | { readonly do: 'delete'; readonly id: string }
  | { readonly do: 'bookmark' }
  | { readonly do: 'pull'; readonly count: number };

const id = fc.constantFrom('anna', 'ben', 'copy');
const command: fc.Arbitrary<FeedCommand> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('write' as const), id, both: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('prune' as const),
      id,
      state: fc.constantFrom<'a' | 'b'>('a', 'b'),
      before: fc.integer({ min: 2, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fork' as const), id: fc.constantFrom('anna', 'ben') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bookmark' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pull' as const), count: fc.integer({ min: 1, max: 9 }) }) },
);

export const anyFeedCommands: fc.Arbitrary<FeedCommand[]> = fc.array(command, { minLength: 10, maxLength: 80, size: 'max' });

/** Readers that begin at the start and wherever a bookmark is, through each filter, and one that pulls between the commands, must end with the heads. */
export async function assertReadersEndWithHeads(store: Store, commands: readonly FeedCommand[]): Promise<void> {
  const state = await StateManager.open({ store });
  const bookmarks = [new FeedReader()];
  const slow = new FeedReader();
  const feed = state.changes({ since: 0 });
  const write = async (name: string, both: boolean, entry: number): Promise<number> => {
    const [a, b] = [await state.conversation(name).get(A), await state.conversation(name).get(B)];
    if (!both) return (await a.update((draft) => void draft.entries.push(entry))).seq;
    return (await state.transaction([a, b], (drafts) => drafts.forEach(({ entries }) => entries.push(entry)))).seq;
  };
  const perform = async (each: FeedCommand, index: number): Promise<void> => {
    const isThere = 'id' in each && (await store.entity('conversation', each.id)) !== undefined;
    if (each.do === 'write') await write(each.id, each.both, index);
    else if (each.do === 'replace') await (await state.conversation(each.id).get(A)).set({ entries: [index] });
    else if (each.do === 'prune') await prune(store, { scope: 'conversation', id: each.id }, each.state, each.before);
    else if (each.do === 'bookmark') bookmarks.push(await readerOfHeads(store));
    else if (each.do === 'delete' && isThere) await state.conversation(each.id).delete();
    else if (each.do === 'fork' && isThere && !(await store.entity('conversation', 'copy')))
      await state.conversation(each.id).fork({ id: 'copy' });
    else if (each.do === 'pull') {
      const { seq } = await store.open();
      for (let left = each.count; left > 0 && slow.seq < seq; left -= 1) slow.apply((await feed.next()).value!);
    }
  };
  try {
    for (const [index, each] of commands.entries()) await perform(each, index);
    // Passes every filter, so that every reader hears of the end.
    const end = await write('anna', true, commands.length);
    const heads = await readerOfHeads(store);
    expect((await slow.read(state, end)).states).toEqual(heads.states);
    for (const filter of FILTERS) {
      const passing = (states: FeedReader['states']): FeedReader['states'] =>
        new Map([...states].filter(([name]) => filter.state === undefined || name.endsWith(`/${filter.state}`)));
      for (const { seq, states } of bookmarks) {
        const reader = await new FeedReader(seq, passing(states)).read(state, end, filter);
        expect(reader.states).toEqual(passing(heads.states));
        expect(reader.resets.length).toBe(new Set(reader.resets).size);
      }
    }
  } finally {
    await state.close();
  }
}
