import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter, order, Tab } from '../../support/bar.ts';
import { freshDatabase } from '../../support/test-store.ts';

describe('a damaged record in the log', () => {
  it('is named where it is, and stops neither other states nor what other processes commit behind it', async () => {
    const path = freshDatabase();
    const [a, b] = [await StateManager.open({ store: sqlite(path) }), await StateManager.open({ store: sqlite(path) })];
    const [tab, counter] = [await a.conversation('anna').get(Tab), await a.global().get(Counter)];
    const [seen, theirs] = [await b.conversation('anna').get(Tab), await b.global().get(Counter)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    await seen.refresh();
    const vandal = new DatabaseSync(path);
    await tab.update((draft) => order(draft, 'Gin', 8));
    vandal.exec("UPDATE change SET body = replace(body, '13', '31') WHERE state = 'tab' AND version = 2");
    vandal.close();
    await counter.update((draft) => void (draft.count += 1));

    expect(await theirs.refresh()).toEqual({ count: 1 });
    await theirs.update((draft) => void (draft.count += 1));
    await a.close();
    await b.close();

    await using again = await StateManager.open({ store: sqlite(path) });
    await expect(again.conversation('anna').get(Tab)).rejects.toMatchObject({ code: 'CORRUPT_STATE', data: { lastGoodVersion: 1 } });
    expect((await again.global().get(Counter)).current.count).toBe(2);
  });
});

describe('a damaged state', () => {
  it('lets its last good version be read, and goes on from it once that is accepted', async () => {
    const path = freshDatabase();
    await using before = await StateManager.open({ store: sqlite(path) });
    const first = await before.conversation('anna').get(Tab);
    for (const price of [5, 8, 7]) await first.update((draft) => order(draft, 'Drink', price));
    await before.close();
    const vandal = new DatabaseSync(path);
    vandal.exec("UPDATE change SET body = replace(body, '13', '31') WHERE state = 'tab' AND version = 2");
    vandal.close();

    await using state = await StateManager.open({ store: sqlite(path) });
    const anna = state.conversation('anna');
    await expect(anna.get(Tab)).rejects.toMatchObject({ code: 'CORRUPT_STATE', data: { lastGoodVersion: 1 } });
    expect((await anna.readVersion(Tab, 1)).total).toBe(5);
    await expect(anna.readVersion(Tab, 2)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
    const tab = await anna.acceptVersion(Tab, 1);
    expect([tab.current.total, tab.version]).toEqual([5, 4]);
    await tab.update((draft) => order(draft, 'Gin', 8));
    await state.close();

    await using again = await StateManager.open({ store: sqlite(path) });
    expect((await again.conversation('anna').get(Tab)).current.total).toBe(13);
    await expect(again.conversation('anna').readVersion(Tab, 3)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
  });
});
