import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { Counter, openManager, order, Tab, Till } from '../../support/bar.ts';

describe('entities', () => {
  it('keep their states apart by scope and id, whatever the id looks like', async () => {
    await using state = await openManager();
    const ids = ['a', 'A', '../a', '%61', '__proto__', 'constructor', 'a b', 'ä', 'a\u0308', '🍸', "'; DROP TABLE entity;--"];
    for (const [index, id] of ids.entries()) {
      const tab = await state.conversation(id).get(Tab);
      await tab.update((draft) => order(draft, 'Beer', index + 1));
    }
    const totals = await Promise.all(ids.map(async (id) => (await state.conversation(id).get(Tab)).current.total));
    expect(totals).toEqual(ids.map((_, index) => index + 1));
    expect((await state.list({ scope: 'conversation' })).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it.each([
    ['empty', ''],
    ['longer than 256 bytes', 'ä'.repeat(129)],
    ['with a NUL', 'a\u0000b'],
    ['with a line break', 'a\nb'],
    ['that is not well-formed', '\ud800'],
    ['that is no string', 7 as unknown as string],
  ])('refuse an id that is %s', async (_what, id) => {
    await using state = await openManager();
    expect(() => state.conversation(id)).toThrow(expect.objectContaining({ code: 'INVALID_ID' }));
  });

  it('refuse a definition of another scope', async () => {
    await using state = await openManager();
    await expect(state.conversation('anna').get(Till as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('are listed in pages, by prefix', async () => {
    await using state = await openManager();
    for (const id of ['b-1', 'a-2', 'a-1', 'a-3']) await (await state.conversation(id).get(Tab)).update((draft) => order(draft, 'Beer', 5));
    expect((await state.list({ scope: 'conversation', prefix: 'a-', limit: 2 })).map(({ id }) => id)).toEqual(['a-1', 'a-2']);
    expect((await state.list({ scope: 'conversation', prefix: 'a-', after: 'a-2' })).map(({ id }) => id)).toEqual(['a-3']);
    expect(await state.list({ scope: 'workflow' })).toEqual([]);
    await expect(state.list({ scope: 'team', limit: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a deleted entity', () => {
  it('answers NOT_FOUND through every handle of it, and one made anew is another', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.delete();
    const gone: unknown = expect.objectContaining({ code: 'NOT_FOUND' });
    expect(() => tab.current).toThrow(gone);
    expect(() => tab.version).toThrow(gone);
    await expect(tab.update(() => undefined)).rejects.toEqual(gone);
    await expect(tab.refresh()).rejects.toEqual(gone);
    await expect(tab.at(1)).rejects.toEqual(gone);
    await expect(anna.delete()).rejects.toEqual(gone);
    const anew = await anna.get(Tab);
    expect([anew.version, anew.current.total]).toEqual([0, 0]);
    await anew.update((draft) => order(draft, 'Gin', 8));
    expect(anew.version).toBe(1);
    expect(() => tab.current).toThrow(gone);
  });

  it('fails an update that was waiting behind the deletion', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    const results = await Promise.allSettled([anna.delete(), tab.update((draft) => order(draft, 'Gin', 8))]);
    expect(results.map(({ status }) => status)).toContain('fulfilled');
    expect(await anna.exists()).toBe(results[0]?.status === 'rejected');
  });
});

describe('a deletion', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('goes through when an update is asked for %i microtasks after it', async (microtasks) => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    const deletion = anna.delete({ unsettled: 'abandon' });
    for (let passed = 0; passed < microtasks; passed++) await Promise.resolve();
    const update = tab.update((draft) => order(draft, 'Gin', 8));
    const [deleted] = await Promise.allSettled([deletion, update]);
    expect(deleted.status).toBe('fulfilled');
    expect(await anna.exists()).toBe(false);
  });
});

describe('expiry', () => {
  it('sweeps what was not used for its lifetime; commits and reads put it off', async () => {
    let now = 1_000_000;
    const clock = () => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const open = (id: string) => state.conversation(id, { expiresAfterMs: 1_000 });
    const [anna, ben, cleo] = [await open('anna').get(Tab), await open('ben').get(Tab), await open('cleo').get(Tab)];
    for (const tab of [anna, ben, cleo]) await tab.update((draft) => order(draft, 'Beer', 5));
    now += 600;
    await anna.update((draft) => order(draft, 'Beer', 5));
    await ben.refresh();
    now += 600;
    expect(await state.sweep()).toEqual([{ scope: 'conversation', id: 'cleo' }]);
    expect(() => cleo.current).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect([anna.current.total, ben.current.total]).toEqual([10, 5]);
  });

  it('is put off once by the commits of a hundredth of the lifetime, and by each when the clock goes back', async () => {
    let now = 1_000_000;
    const clock = () => now;
    const store = testStore({ clock });
    await using state = await StateManager.open({ store, clock });
    await using other = await StateManager.open({ store, clock });
    const anna = state.conversation('anna', { expiresAfterMs: 10_000 });
    const expiresAfterCommitAt = async (at: number, entity = anna): Promise<number> => {
      now = 1_000_000 + at;
      await (await entity.get(Tab)).update((draft) => order(draft, 'Beer', 5));
      return ((await entity.expiresAt()) ?? 0) - 1_000_000;
    };
    expect(await expiresAfterCommitAt(0)).toBe(10_000);
    expect(await expiresAfterCommitAt(99)).toBe(10_000);
    expect(await expiresAfterCommitAt(100)).toBe(10_100);
    expect(await expiresAfterCommitAt(110, other.conversation('anna'))).toBe(10_110);
    expect(await expiresAfterCommitAt(50)).toBe(10_050);
  });

  it('spares what a live lease holds', async () => {
    let now = 1_000_000;
    const clock = () => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const anna = state.conversation('anna', { expiresAfterMs: 1_000 });
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    const lease = await anna.lease('turn', { holder: 'long turn', ttlMs: 60_000 });
    now += 5_000;
    expect(await state.sweep()).toEqual([]);
    await lease.release();
    expect(await state.sweep()).toHaveLength(1);
  });
});

describe('a parent', () => {
  it('is made together with its child when it does not exist yet', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    const tab = await state.conversation('anna', { parent: team }).get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    expect(await team.exists()).toBe(true);
    const till = await team.get(Till);
    await till.set({ taken: 1 });
    expect(till.version).toBe(1);
  });
});

describe('a closed manager', () => {
  it('answers CLOSED, has settled what was asked before, and closes twice as once', async () => {
    const state = await openManager();
    const counter = await state.global().get(Counter);
    const last = counter.update((draft) => void (draft.count += 1));
    await Promise.all([state.close(), state.close()]);
    await expect(last).resolves.toMatchObject({ replayed: false });
    await expect(counter.update(() => undefined)).rejects.toMatchObject({ code: 'CLOSED' });
    expect(() => state.team('x')).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    expect(counter.current.count).toBe(1);
  });
});
