import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { order, Tab } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

describe('a state that grows', () => {
  it('is stored as patches, with a snapshot when those outgrow it, so that opening it is short', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const tab = await state.conversation('anna').get(Tab);
    for (let drink = 1; drink <= 60; drink++) await tab.update((draft) => order(draft, 'x'.repeat(2_000), drink));
    await state.flush();
    const { eid } = (await store.entity('conversation', 'anna'))!;
    const loaded = (await store.load(eid, 'tab'))!;
    expect(loaded.head).toBe(60);
    expect(loaded.base.version).toBeGreaterThan(1);
    expect(loaded.patches.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(150_000);
    const written = (await store.log(0, {}, 100)).commits.flatMap(({ changes }) => changes).reduce((sum, { body }) => sum + body.length, 0);
    expect(written).toBeLessThan(60 * 2_500);
    expect((await tab.at(59)).items).toHaveLength(59);
  });

  it('is written in full when the patches would be larger than the value', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const tab = await state.conversation('anna').get(Tab);
    for (let drink = 0; drink < 100; drink++) await tab.update((draft) => order(draft, `drink ${drink}`, 1));
    await tab.update((draft) => {
      draft.items = draft.items.map(({ name }) => ({ name: `another ${name}`, price: 1 })).toReversed();
    });
    const { eid } = (await store.entity('conversation', 'anna'))!;
    const [last] = (await store.log(100, { eid }, 10)).commits.at(-1)!.changes;
    expect(last!.body.length).toBeLessThanOrEqual(JSON.stringify(tab.current).length + 100);
    expect(tab.current.items[0]?.name).toBe('another drink 99');
  });
});
