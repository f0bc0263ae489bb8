import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEffect } from 'holdfast';
import { openManager, order, Tab, Till, Wallet } from '../../support/bar.ts';

const Bell = defineEffect({ name: 'bell', input: z.strictObject({}), output: z.null(), states: [], run: async () => null });

describe('a checkpoint', () => {
  it('names the versions of all states and restores them by a new commit', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const [tab, wallet] = [await anna.get(Tab), await anna.get(Wallet)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    await wallet.set({ balance: 95 });
    const before = await anna.checkpoint('before champagne');
    expect(before.versions).toEqual({ tab: 1, wallet: 1 });
    await tab.update((draft) => order(draft, 'Champagne', 90));
    const feed = state.changes();
    const next = feed.next();
    await anna.restore(before);
    expect(tab.current).toEqual({ items: [{ name: 'Beer', price: 5 }], total: 5 });
    expect([tab.version, wallet.version]).toEqual([3, 1]);
    expect((await next).value).toMatchObject({ cause: 'restore before champagne', changes: [{ state: 'tab', version: 3 }] });
    expect((await tab.at(2)).total).toBe(95);
  });

  it('is a moment that states can be read at, without restoring it', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const [tab, wallet] = [await anna.get(Tab), await anna.get(Wallet)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    const before = await anna.checkpoint('before champagne');
    await tab.update((draft) => order(draft, 'Champagne', 90));
    await wallet.set({ balance: 5 });
    expect([(await tab.at(before)).total, (await wallet.at(before)).balance]).toEqual([5, 100]);
    expect([tab.current.total, wallet.current.balance]).toEqual([95, 5]);
  });

  it('costs nothing to restore when nothing differs', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('now');
    expect(await anna.restore('now')).toBe(0);
    expect(tab.version).toBe(1);
  });

  it('brings a state that had no version yet back to its initial value', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const [tab, wallet] = [await anna.get(Tab), await anna.get(Wallet)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('no wallet yet');
    await wallet.set({ balance: 3 });
    await anna.restore('no wallet yet');
    expect(wallet.current).toEqual({ balance: 100 });
  });

  it('is listed, never overwritten and NOT_FOUND where there is none', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    await expect(anna.checkpoint('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('b');
    await anna.checkpoint('a');
    expect((await anna.checkpoints()).map(({ name }) => name)).toEqual(['a', 'b']);
    await expect(anna.checkpoint('a')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(anna.restore('c')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(anna.checkpoint('\u0000')).rejects.toMatchObject({ code: 'INVALID_ID' });
  });

  it('has tags and a description, by which it is found', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    const first = await anna.checkpoint('plan/1', { tags: ['plan', 'plan', 'human'], description: 'agreed\u0000with Anna' });
    await anna.checkpoint('plan/2', { tags: ['plan'] });
    await anna.checkpoint('other', { tags: [] });
    expect(first).toMatchObject({ tags: ['plan', 'human'], description: 'agreed\u0000with Anna' });
    expect(await anna.checkpoints({ tag: 'human' })).toEqual([first]);
    expect((await anna.checkpoints({ prefix: 'plan/', tag: 'plan' })).map(({ name }) => name)).toEqual(['plan/1', 'plan/2']);
    expect((await anna.checkpoints({ prefix: 'o' })).map(({ tags, description }) => [tags, description])).toEqual([[[], undefined]]);
  });

  it('refuses what it would not find again or what is too long', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    const many = Array.from({ length: 17 }, (_, index) => `t${index}`);
    for (const options of [{ tags: many }, { tags: ['x'.repeat(65)] }, { tags: [''] }, { description: 'x'.repeat(1_001) }])
      await expect(anna.checkpoint('x', options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(anna.checkpoint('auto-1')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await anna.checkpoint('x', { tags: many.slice(1).map((tag) => tag.padEnd(64)), description: 'x'.repeat(1_000) });
    expect(await anna.checkpoints()).toHaveLength(1);
  });

  it('can be removed, and its name is free again', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('x');
    await anna.removeCheckpoint('x');
    await expect(anna.removeCheckpoint('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(anna.restore('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await tab.update((draft) => order(draft, 'Gin', 8));
    expect(await anna.checkpoint('x')).toMatchObject({ versions: { tab: 2 } });
  });

  it('names what is committed before it when it is asked for among commits', async () => {
    await using state = await openManager({ retryForMs: 0 });
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 1));
    const drink = (): Promise<unknown> => tab.update((draft) => order(draft, 'Beer', 1));
    const drinks = Array.from({ length: 20 }, drink);
    const checkpoint = anna.checkpoint('among them');
    drinks.push(...Array.from({ length: 20 }, drink));
    await Promise.all(drinks);
    const { versions } = await checkpoint;
    expect((await tab.at(versions['tab']!)).total).toBe(versions['tab']);
  });

  it('refuses to rewind a state that changed together with another entity, or keeps that one at its head', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const [tab, wallet, till] = [await anna.get(Tab), await anna.get(Wallet), await state.team('bar').get(Till)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    await wallet.set({ balance: 100 });
    const before = await anna.checkpoint('before paying');
    await state.transaction([wallet, till], ([from, to]) => {
      from.balance -= 5;
      to.taken += 5;
    });
    await tab.update((draft) => order(draft, 'Gin', 8));
    await expect(anna.restore(before)).rejects.toMatchObject({ code: 'RESTORE_REFUSED', data: { bound: ['wallet'] } });
    expect(tab.version).toBe(2);
    await anna.restore(before, { bound: 'keep' });
    expect([tab.current.total, wallet.current.balance]).toEqual([5, 95]);
  });

  it('refuses to rewind a state that changed together with an effect', async () => {
    await using state = await openManager({ effects: [Bell] });
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('before the bell');
    await tab.update((draft, tx) => {
      order(draft, 'Gin', 8);
      tx.effect(Bell, { key: 'b1', input: {} });
    });
    await expect(anna.restore('before the bell')).rejects.toMatchObject({ code: 'RESTORE_REFUSED', data: { bound: ['tab'] } });
  });
});

describe('at', () => {
  it('gives each kept version, the initial value for 0, and NOT_FOUND beyond', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    for (const price of [1, 2, 3]) await tab.update((draft) => order(draft, 'Beer', price));
    expect(await Promise.all([0, 1, 2, 3].map(async (version) => (await tab.at(version)).total))).toEqual([0, 1, 3, 6]);
    await expect(tab.at(4)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
