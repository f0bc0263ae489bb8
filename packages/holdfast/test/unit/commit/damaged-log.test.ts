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
