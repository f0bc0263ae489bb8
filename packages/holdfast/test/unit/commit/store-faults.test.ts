import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { Counter, order, Tab } from '../../support/bar.ts';
import { faulty } from '../../support/faulty-store.ts';

describe('a lost reply', () => {
  it('does not apply a commit twice: the store is asked for it', async () => {
    const store = faulty(testStore());
    await using state = await StateManager.open({ store });
    const counter = await state.global().get(Counter);
    store.faults.push('reply lost');
    const { versions } = await counter.update((draft) => void (draft.count += 1));
    expect(counter.current.count).toBe(1);
    expect(versions[0]?.version).toBe(1);
    expect(store.batches).toHaveLength(2);
    expect(store.batches[0]?.[0]?.commitId).toBe(store.batches[1]?.[0]?.commitId);
    await counter.update((draft) => void (draft.count += 1));
    expect(counter.current.count).toBe(2);
  });

  it('settles every commit of the batch, those that only verified too', async () => {
    const store = faulty(testStore());
    await using state = await StateManager.open({ store });
    const tab = await state.conversation('anna').get(Tab);
    const counter = await state.global().get(Counter);
    store.faults.push('reply lost', 'reply lost', undefined);
    const results = await Promise.allSettled([
      counter.update((draft) => void (draft.count += 1)),
      counter.update(() => 'only read'),
      tab.update((draft) => order(draft, 'Beer', 5)),
      tab.update(() => {
        throw new Error('refused');
      }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect([counter.current.count, tab.current.total, counter.version, tab.version]).toEqual([1, 5, 1, 1]);
  });
});

describe('a store that does not answer', () => {
  it.each([
    ['unreachable', 'STORE_UNAVAILABLE'],
    ['full', 'STORE_FULL'],
  ] as const)('answers %s with %s, loses nothing and works again afterwards', async (fault, code) => {
    const store = faulty(testStore());
    await using state = await StateManager.open({ store });
    const counter = await state.global().get(Counter);
    await counter.update((draft) => void (draft.count += 1));
    store.faults.push(fault);
    await expect(counter.update((draft) => void (draft.count += 1))).rejects.toMatchObject({ code });
    expect(counter.current.count).toBe(1);
    await counter.update((draft) => void (draft.count += 1));
    expect(counter.current.count).toBe(2);
  });
});
