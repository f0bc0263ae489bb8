import { describe, expect, it } from 'vitest';
import { openManager, order, Tab, Wallet } from '../../support/bar.ts';

async function threeDrinks() {
  const state = await openManager();
  const tab = await state.conversation('anna').get(Tab);
  await tab.update((draft) => order(draft, 'Beer', 5), { actor: 'anna', cause: 'thirst' });
  await tab.update((draft) => order(draft, 'Gin', 8), { actor: 'ben', toolCall: 'call-2' });
  await tab.update((draft) => void (draft.note = 'window'), { actor: 'maya', trace: 't-3' });
  return { state, tab };
}

describe('blame', () => {
  it('names the commit that last changed a path', async () => {
    const { state, tab } = await threeDrinks();
    expect(await tab.blame(['items', 0, 'price'])).toMatchObject({ version: 1, actor: 'anna', cause: 'thirst', isAtOrBefore: false });
    expect(await tab.blame(['items', 1])).toMatchObject({ version: 2, actor: 'ben', toolCall: 'call-2' });
    expect(await tab.blame(['total'])).toMatchObject({ version: 2, actor: 'ben' });
    expect(await tab.blame(['note'])).toMatchObject({ version: 3, actor: 'maya', trace: 't-3' });
    expect(await tab.blame(['nothing', 'here'])).toBeUndefined();
    await state.close();
  });

  it('counts a removal as a change', async () => {
    const { state, tab } = await threeDrinks();
    await tab.update((draft) => void delete draft.note, { actor: 'cleaner' });
    expect(await tab.blame(['note'])).toMatchObject({ version: 4, actor: 'cleaner' });
    await state.close();
  });

  it('is NOT_FOUND where nothing was committed', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    await expect(wallet.blame(['balance'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('bisect', () => {
  it('finds the first commit after which a rule does not hold', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    for (let spent = 1; spent <= 100; spent++)
      await wallet.update((draft) => void (draft.balance -= spent > 60 ? 3 : 1), { actor: `click ${spent}` });
    expect(await wallet.bisect(({ balance }) => balance >= 40)).toMatchObject({ version: 61, actor: 'click 61' });
    expect(await wallet.bisect(({ balance }) => balance > -1_000)).toBeUndefined();
  });
});

describe('compare', () => {
  it('gives the patches between two versions, forwards and backwards, and to another entity', async () => {
    const { state, tab } = await threeDrinks();
    expect(await tab.compare(1, 3)).toEqual([
      { op: 'splice', path: ['items'], index: 1, remove: 0, items: [{ name: 'Gin', price: 8 }] },
      { op: 'replace', path: ['total'], value: 13 },
      { op: 'add', path: ['note'], value: 'window' },
    ]);
    expect(await tab.compare(2, 1)).toEqual([
      { op: 'splice', path: ['items'], index: 1, remove: 1, items: [] },
      { op: 'replace', path: ['total'], value: 5 },
    ]);
    const other = await state.conversation('ben').get(Tab);
    expect(await tab.compare(0, 0, other)).toEqual([]);
    await state.close();
  });
});

describe('history', () => {
  it('lists the versions with who made them', async () => {
    const { state, tab } = await threeDrinks();
    const versions = await Array.fromAsync(tab.history());
    expect(versions.map(({ version, actor }) => [version, actor])).toEqual([
      [1, 'anna'],
      [2, 'ben'],
      [3, 'maya'],
    ]);
    await state.close();
  });
});
