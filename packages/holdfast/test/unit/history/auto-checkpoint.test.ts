import { channel } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { StateManager, type AutoCheckpointOptions, type EntityHandle, type StateHandle } from 'holdfast';
import type { Store } from 'holdfast/store';
import { openManager, order, Tab, type TabValue } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

async function drink(tab: StateHandle<TabValue>, times: number, toolCall?: string): Promise<void> {
  for (let drinks = 0; drinks < times; drinks++)
    await tab.update((draft) => order(draft, 'Beer', 1), toolCall === undefined ? {} : { toolCall });
}

async function watched(options: AutoCheckpointOptions, store: Store = testStore()) {
  const state = await StateManager.open({ store });
  const anna = state.conversation('anna', { checkpoints: options });
  return { state, store, anna, tab: await anna.get(Tab) };
}

async function found(entity: EntityHandle): Promise<readonly (readonly [string, number])[]> {
  const checkpoints = await entity.checkpoints();
  return checkpoints.toSorted((a, b) => a.seq - b.seq).map(({ name, versions }) => [name, versions['tab'] ?? 0] as const);
}

describe('automatic checkpoints', () => {
  it('are put after so many commits, and the newest of them are kept', async () => {
    const { state, anna, tab } = await watched({ everyCommits: 3, keep: 2 });
    for (let count = 1; count <= 10; count++) {
      await drink(tab, 1);
      await state.flush();
    }
    expect(await found(anna)).toEqual([
      ['auto-2', 6],
      ['auto-3', 9],
    ]);
    await anna.restore('auto-3');
    expect(tab.current.total).toBe(9);
    await state.close();
  });

  it('are put after commits of so many tool calls, however many commits each makes', async () => {
    const { state, anna, tab } = await watched({ everyToolCalls: 2, keep: 5 });
    for (const [call, times] of [
      ['a', 3],
      ['b', 2],
      ['b', 1],
      ['c', 1],
      [undefined, 4],
    ] as const) {
      await drink(tab, times, call);
      await state.flush();
    }
    expect(await found(anna)).toEqual([
      ['auto-1', 5],
      ['auto-2', 7],
    ]);
    await state.close();
  });

  it('stand beside those put by hand, which are never removed', async () => {
    const { state, anna, tab } = await watched({ everyCommits: 1, keep: 1 });
    await drink(tab, 1);
    await state.flush();
    await anna.checkpoint('mine', { tags: ['auto'] });
    await anna.removeCheckpoint('auto-1');
    await drink(tab, 1);
    await state.flush();
    expect(await found(anna)).toEqual([
      ['mine', 1],
      ['auto-2', 2],
    ]);
    await state.close();
  });

  it('count a restore, which is a commit too', async () => {
    const { state, anna, tab } = await watched({ everyCommits: 2, keep: 9 });
    await drink(tab, 1);
    await anna.checkpoint('one');
    await (await anna.get(Tab)).update((draft) => void (draft.note = 'x'));
    await state.flush();
    await drink(tab, 1);
    await anna.restore('one');
    await state.flush();
    expect(await found(anna)).toEqual([
      ['one', 1],
      ['auto-1', 2],
      ['auto-2', 4],
    ]);
    await state.close();
  });

  it('go on counting where they were after a restart', async () => {
    const { state, store, tab } = await watched({ everyCommits: 3, keep: 9 });
    await drink(tab, 2);
    await state.close();
    const again = await watched({ everyCommits: 3, keep: 9 }, store);
    await drink(again.tab, 1);
    await again.state.flush();
    await drink(again.tab, 2);
    await again.state.close();
    const last = await watched({ everyCommits: 3, keep: 9 }, store);
    await drink(last.tab, 1);
    await last.state.flush();
    expect(await found(last.anna)).toEqual([
      ['auto-1', 3],
      ['auto-2', 6],
    ]);
    await last.state.close();
  });

  it('are put before the manager closes', async () => {
    const { state, store, tab } = await watched({ everyCommits: 3, keep: 9 });
    await drink(tab, 3);
    await state.close();
    await using again = await StateManager.open({ store });
    expect(await found(again.conversation('anna'))).toEqual([['auto-1', 3]]);
  });

  it('are put once, however many managers see the same commits', async () => {
    const options = { everyCommits: 4, keep: 100 };
    const first = await watched(options);
    const others = [await watched(options, first.store), await watched(options, first.store)];
    const all = [first, ...others];
    await Promise.all(all.map(({ tab }) => drink(tab, 20)));
    for (const { state } of all) await state.flush();
    const checkpoints = await found(first.anna);
    expect(checkpoints.map(([name]) => name)).toEqual(checkpoints.map((_, index) => `auto-${index + 1}`));
    for (const [index, [, version]] of checkpoints.entries())
      expect(version - (checkpoints[index - 1]?.[1] ?? 0)).toBeGreaterThanOrEqual(4);
    expect(60 - checkpoints.at(-1)![1]).toBeLessThan(4);
    for (const { state } of all) await state.close();
  });

  it('notice what another manager commits that puts none itself', async () => {
    const { state, store, anna, tab } = await watched({ everyCommits: 2, keep: 9 });
    await drink(tab, 1);
    await using other = await StateManager.open({ store });
    await drink(await other.conversation('anna').get(Tab), 1);
    await tab.refresh();
    await state.flush();
    expect(await found(anna)).toEqual([['auto-1', 2]]);
    await state.close();
  });

  it('cost nothing for entities without the option', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const [ben, anna] = [state.conversation('ben'), state.conversation('anna', { checkpoints: { everyCommits: 1, keep: 1 } })];
    await drink(await anna.get(Tab), 1);
    await state.flush();
    const reads: Parameters<Store['log']>[] = [];
    const log = store.log.bind(store);
    store.log = async (...args) => (reads.push(args), await log(...args));
    await drink(await ben.get(Tab), 5);
    await state.flush();
    expect(reads.filter(([, filter]) => filter.eid !== undefined)).toEqual([]);
    expect(await ben.checkpoints()).toEqual([]);
  });

  it('that cannot be put disturb no commit, and are put with the next one', async () => {
    const { state, store, anna, tab } = await watched({ everyCommits: 2, keep: 9 });
    const errors: unknown[] = [];
    const listen = (message: unknown): void => void errors.push((message as { error: unknown }).error);
    channel('holdfast:error').subscribe(listen);
    const heads = store.heads.bind(store);
    store.heads = async () => await Promise.reject(new Error('no heads'));
    await drink(tab, 2);
    await state.flush();
    store.heads = heads;
    expect([errors, tab.version]).toEqual([[new Error('no heads')], 2]);
    await drink(tab, 1);
    await state.flush();
    channel('holdfast:error').unsubscribe(listen);
    expect(await found(anna)).toEqual([['auto-1', 3]]);
    await state.close();
  });

  it('end with the entity, and begin anew with another one of its name', async () => {
    const { state, anna, tab } = await watched({ everyCommits: 2, keep: 9 });
    await drink(tab, 3);
    await anna.delete();
    await drink(await anna.get(Tab), 2);
    await state.flush();
    expect(await found(anna)).toEqual([['auto-1', 2]]);
    await state.close();
  });

  it('take only options that can be kept', async () => {
    await using state = await openManager();
    const refused: AutoCheckpointOptions[] = [
      { keep: 1 },
      { everyCommits: 0, keep: 1 },
      { everyCommits: 1.5, keep: 1 },
      { everyToolCalls: -1, keep: 1 },
      { everyCommits: 1, keep: 0 },
      { everyCommits: 1, keep: 1_001 },
    ];
    for (const checkpoints of refused)
      expect(() => state.conversation('anna', { checkpoints })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
