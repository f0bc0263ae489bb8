import { describe, expect, it } from 'vitest';
import { openManager, order, Tab } from '../../support/bar.ts';

describe('a new version', () => {
  it('shares every node that the recipe did not change, and none that it did', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await tab.update((draft) => ['Martini', 'Beer', 'Water'].forEach((name) => order(draft, name, 5)));
    const before = tab.current;
    await tab.update((draft) => void (draft.items[1]!.name = 'IPA'));
    expect(tab.current.items.map((item, index) => item === before.items[index])).toEqual([true, false, true]);
  });

  it('is the same object as before when a recipe changed nothing', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await tab.update((draft) => order(draft, 'Martini', 13));
    const before = tab.current;
    await tab.update((draft) => void (draft.total = 13));
    expect(tab.current).toBe(before);
  });
});
