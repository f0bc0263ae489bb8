import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { openManager, order, Tab, Till } from '../../support/bar.ts';
import { ConversationPrefs, TeamPrefs } from '../../support/scopes.ts';
import { testStore } from '../../support/test-store.ts';

const NOT_FOUND: unknown = expect.objectContaining({ code: 'NOT_FOUND' });

describe('a parent', () => {
  it('is found by a process that never named it, several levels up', async () => {
    const store = testStore();
    await using maker = await StateManager.open({ store });
    const flow = maker.workflow('round', { parent: maker.team('bar') });
    await (await maker.conversation('anna', { parent: flow }).get(Tab)).update((draft) => order(draft, 'Beer', 5));
    await using state = await StateManager.open({ store });
    const found = await state.conversation('anna').parent();
    expect([found?.scope, found?.id]).toEqual(['workflow', 'round']);
    const above = await found?.parent();
    expect([above?.scope, above?.id]).toEqual(['team', 'bar']);
    expect(await above?.parent()).toBeUndefined();
  });

  it('is the stored one, whatever a later handle names', async () => {
    await using state = await openManager();
    await (await state.conversation('anna', { parent: state.team('bar') }).get(Tab)).update((draft) => order(draft, 'Beer', 5));
    expect((await state.conversation('anna', { parent: state.team('pub') }).parent())?.id).toBe('bar');
    expect((await state.conversation('new', { parent: state.team('pub') }).parent())?.id).toBe('pub');
  });

  it('that is deleted leaves its children behind, which go on without it; one made anew is not their parent', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    const anna = state.conversation('anna', { parent: team });
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await team.delete();
    expect(await anna.parent()).toBeUndefined();
    await tab.update((draft) => order(draft, 'Wine', 7));
    expect(tab.current.total).toBe(12);
    await (await team.get(Till)).set({ taken: 1 });
    expect(await anna.parent()).toBeUndefined();
    expect(await team.children()).toEqual([]);
  });

  it('that belongs to its own child is refused', async () => {
    await using state = await openManager();
    const team = state.team('bar', { parent: state.workflow('round', { parent: state.team('bar') }) });
    await expect(team.get(Till)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('of a fork is that of its original', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna', { parent: state.team('bar') });
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    const fork = await anna.fork({ id: 'what if' });
    expect((await fork.parent())?.id).toBe('bar');
  });
});

describe('children', () => {
  it('are listed in pages, also of one scope, without their own', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    expect(await team.children()).toEqual([]);
    for (const id of ['c', 'a', 'b']) await (await state.conversation(id, { parent: team }).get(ConversationPrefs)).set({ sound: true });
    const inner = state.team('inner', { parent: team });
    await (await state.conversation('d', { parent: inner }).get(ConversationPrefs)).set({ sound: true });
    const first = await team.children({ limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await team.children({ after: first[1]! })).toEqual([
      { scope: 'conversation', id: 'c' },
      { scope: 'team', id: 'inner' },
    ]);
    expect((await team.children({ scope: 'team' })).map(({ id }) => id)).toEqual(['inner']);
    await expect(team.children({ limit: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('ending an entity', () => {
  it('deletes it with all that belong to it, and leaves the others', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    const flow = state.workflow('round', { parent: team });
    const tabs = [];
    for (const id of ['a', 'b', 'c']) tabs.push(await state.conversation(id, { parent: flow }).get(Tab));
    for (const tab of tabs) await tab.update((draft) => order(draft, 'Beer', 5));
    const prefs = await team.get(TeamPrefs);
    await prefs.set({ sound: true });
    await flow.end();
    for (const tab of tabs) expect(() => tab.current).toThrow(NOT_FOUND);
    expect([await flow.exists(), await state.conversation('a').exists(), await team.exists()]).toEqual([false, false, true]);
    await expect(flow.end()).rejects.toEqual(NOT_FOUND);
    await team.end();
    expect(() => prefs.current).toThrow(NOT_FOUND);
  });

  it('deletes more than a page of them', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const team = state.team('bar');
    const ids = Array.from({ length: 150 }, (_, index) => `c${index}`);
    await Promise.all(ids.map(async (id) => (await state.conversation(id, { parent: team }).get(ConversationPrefs)).set({ sound: true })));
    await team.end();
    expect(await store.entities({}, undefined, 10)).toEqual([]);
  });

  it('goes on where an end that was interrupted stopped', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const flow = state.workflow('round', { parent: state.team('bar') });
    for (const id of ['a', 'b']) await (await state.conversation(id, { parent: flow }).get(ConversationPrefs)).set({ sound: true });
    const interrupted = new Error('killed');
    const commit = store.commit.bind(store);
    let drops = 0;
    store.commit = (batch) => {
      if (batch.some((each) => each.drops.length > 0) && (drops += 1) > 1) throw interrupted;
      return commit(batch);
    };
    await expect(state.team('bar').end()).rejects.toBe(interrupted);
    expect(await state.team('bar').exists()).toBe(true);
    expect(await state.list({ scope: 'conversation' })).toEqual([]);
    store.commit = commit;
    await state.team('bar').end();
    expect(await store.entities({}, undefined, 10)).toEqual([]);
  });
});
