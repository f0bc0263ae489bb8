import { describe, expect, it } from 'vitest';
import { Secret, StateManager, type ChangesOptions, type CommitEvent } from 'holdfast';
import { Counter, openManager, order, Tab, Till } from '../../support/bar.ts';
import { FeedReader, prune, readerOfHeads } from '../../support/feed-reader.ts';
import { testStore } from '../../support/test-store.ts';
import { Config, openVault } from '../secret/config.ts';

const GLOBAL = { scope: 'global', id: 'global' } as const;

/** A counter that went up to `times`, of which the changes before a version are pruned. */
async function counted(times: number, beforeVersion: number) {
  const store = testStore();
  const state = await StateManager.open({ store });
  const counter = await state.global().get(Counter);
  for (let count = 1; count <= times; count += 1) await counter.update((draft) => void (draft.count += 1));
  await prune(store, GLOBAL, 'counter', beforeVersion);
  return { state, store, counter };
}

async function take(feed: AsyncGenerator<CommitEvent, void, undefined>, count: number): Promise<CommitEvent[]> {
  const events: CommitEvent[] = [];
  while (events.length < count) events.push((await feed.next()).value!);
  return events;
}

describe('a feed of pruned history', () => {
  it('gives the oldest kept change as a reset with the whole value, and goes on with the changes behind it', async () => {
    const { state } = await counted(6, 4);
    const events = await take(state.changes({ since: 2 }), 4);
    expect(events.map(({ seq, changes }) => [seq, changes])).toEqual([
      [3, []],
      [4, [{ ...GLOBAL, state: 'counter', version: 4, value: { count: 4 }, reset: true }]],
      [5, [{ ...GLOBAL, state: 'counter', version: 5, patches: [{ op: 'replace', path: ['count'], value: 5 }] }]],
      [6, [{ ...GLOBAL, state: 'counter', version: 6, patches: [{ op: 'replace', path: ['count'], value: 6 }] }]],
    ]);
    await state.close();
  });

  it('gives no reset to a reader of whom nothing is missing', async () => {
    const { state } = await counted(6, 4);
    const events = await take(state.changes({ since: 4 }), 2);
    expect(events.flatMap(({ changes }) => changes).filter((change) => 'reset' in change)).toEqual([]);
    const { state: whole } = await counted(3, 1);
    expect((await take(whole.changes({ since: 0 }), 3)).flatMap(({ changes }) => changes).filter((change) => 'reset' in change)).toEqual(
      [],
    );
    await Promise.all([state.close(), whole.close()]);
  });

  it('gives a reset once for each state, whatever it is filtered by', async () => {
    const { state, store, counter } = await counted(4, 3);
    const till = await state.team('bar').get(Till);
    for (let taken = 1; taken <= 4; taken += 1)
      await state.transaction([counter, till], ([from, to]) => {
        from.count += 1;
        to.taken += 1;
      });
    await prune(store, { scope: 'team', id: 'bar' }, 'till', 3);
    const resets = async (filter: ChangesOptions): Promise<string[]> => (await new FeedReader().read(state, 8, filter)).resets;
    const [ofCounter, ofTill] = [`global:${GLOBAL.id}/counter 3`, 'team:bar/till 3'];
    expect(await resets({})).toEqual([ofCounter, ofTill]);
    expect(await resets({ scope: 'team' })).toEqual([ofTill]);
    expect(await resets({ state: 'counter' })).toEqual([ofCounter]);
    expect(await resets({ entity: { scope: 'team', id: 'bar' } })).toEqual([ofTill]);
    await state.close();
  });

  it('resets a reader who was slower than retention', async () => {
    const { state, store, counter } = await counted(2, 1);
    const feed = state.changes({ since: 0 });
    const [first] = await take(feed, 1);
    for (let count = 3; count <= 80; count += 1) await counter.update((draft) => void (draft.count += 1));
    await prune(store, GLOBAL, 'counter', 75);
    const changes = (await take(feed, 79)).flatMap((event) => event.changes);
    expect(first!.changes[0]).toMatchObject({ version: 1, value: { count: 1 } });
    expect(changes.map(({ version }) => version).slice(-6)).toEqual([75, 76, 77, 78, 79, 80]);
    expect(changes.find(({ version }) => version === 75)).toMatchObject({ value: { count: 75 }, reset: true });
    await state.close();
  });

  it('reads again what is pruned while it reads, so that nothing comes twice and nothing is missing', async () => {
    const { state, store } = await counted(8, 3);
    const load = store.load.bind(store);
    let loads = 0;
    store.load = async (...query) => {
      loads += 1;
      if (loads === 1) {
        store.load = load;
        await prune(store, GLOBAL, 'counter', 6);
      }
      return await load(...query);
    };
    const reader = await new FeedReader().read(state, 8);
    expect([reader.resets, reader.states]).toEqual([[`global:${GLOBAL.id}/counter 6`], (await readerOfHeads(store)).states]);
    await state.close();
  });

  it('tells of a deletion instead of what was deleted, and begins a fork without a reset', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    for (let price = 1; price <= 3; price += 1) await tab.update((draft) => order(draft, 'Beer', price));
    const { current } = tab;
    await anna.fork({ id: 'ben' });
    await anna.delete();
    const events = await take(state.changes({ since: 1 }), 4);
    expect(events.flatMap(({ changes }) => changes)).toEqual([
      { scope: 'conversation', id: 'ben', state: 'tab', version: 4, value: current },
    ]);
    expect(events.at(-1)!.drops).toMatchObject([{ scope: 'conversation', id: 'anna' }]);
  });

  it('shows secrets of a reset as fingerprints', async () => {
    const store = testStore();
    await using state = await openVault({ store });
    const config = await state.team('bar').get(Config);
    await config.set({ gemini: Secret.of('AIza-very-secret'), providers: {}, spare: [], note: '' });
    for (const note of ['a', 'b', 'c']) await config.update((draft) => void (draft.note = note));
    await prune(store, { scope: 'team', id: 'bar' }, 'config', 3);
    const reader = await new FeedReader().read(state, (await store.open()).seq);
    expect(reader.resets).toEqual(['team:bar/config 3']);
    expect(reader.states.get('team:bar/config')?.value).toMatchObject({ gemini: String(config.current.gemini), note: 'c' });
    expect(JSON.stringify([...reader.states])).not.toContain('very-secret');
  });
});
