import { describe, expect, it } from 'vitest';
import { defineState, StateManager } from 'holdfast';
import { beforeCommit } from '../../support/before-commit.ts';
import { testStore } from '../../support/test-store.ts';
import { z } from 'zod';
import { Counter, openManager, order, Tab, Till, Wallet, withinBudget } from '../../support/bar.ts';

describe('a state that was never written', () => {
  it('has its initial value at version 0 and leaves no trace in the store', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    expect(tab.current).toEqual({ items: [], total: 0 });
    expect(tab.version).toBe(0);
    expect(await state.conversation('anna').exists()).toBe(false);
  });
});

describe('update', () => {
  it('makes the next version, freezes all of it and leaves the one before as it was', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await tab.update((draft) => order(draft, 'Martini', 13));
    const before = tab.current;
    const result = await tab.update((draft) => order(draft, 'Beer', 5));
    expect(tab.current).toEqual({
      items: [
        { name: 'Martini', price: 13 },
        { name: 'Beer', price: 5 },
      ],
      total: 18,
    });
    expect(result.versions).toEqual([{ scope: 'conversation', id: 'anna', state: 'tab', version: 2 }]);
    expect(Object.isFrozen(tab.current.items[1])).toBe(true);
    expect(before.items).toHaveLength(1);
  });

  it('gives what the recipe returned, as a value that outlives the draft', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const { value } = await tab.update((draft) => {
      order(draft, 'Martini', 13);
      return { last: draft.items[0], all: draft.items };
    });
    expect(value).toEqual({ last: { name: 'Martini', price: 13 }, all: [{ name: 'Martini', price: 13 }] });
  });

  it('is no commit when the recipe changes nothing', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await tab.update((draft) => order(draft, 'Martini', 13));
    const { seq, versions } = await tab.update((draft) => {
      draft.total = 13;
    });
    expect(seq).toBe(0);
    expect(versions[0]?.version).toBe(1);
    expect(tab.version).toBe(1);
  });

  it('writes nothing when the recipe throws, and gives the caller what it threw', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const refusal = new Error('no more for you');
    await expect(
      tab.update((draft) => {
        order(draft, 'Martini', 13);
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(tab.version).toBe(0);
    expect(await state.conversation('anna').exists()).toBe(false);
  });

  it('runs the recipes of one turn one after the other, in the order of the calls', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const seen = await Promise.all(
      Array.from({ length: 200 }, () =>
        counter.update((draft) => {
          draft.count += 1;
          return draft.count;
        }),
      ),
    );
    expect(seen.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(counter.current.count).toBe(200);
    expect(counter.version).toBe(200);
  });

  it('lets one bad recipe of a batch fail without the others', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const results = await Promise.allSettled([1, 'two', 3].map((by) => counter.update((draft) => void (draft.count += by as number))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(counter.current.count).toBe(4);
  });

  it.each([
    ['undefined', (draft: { note?: unknown }) => void (draft.note = undefined), ['note']],
    ['NaN', (draft: { total: number }) => void (draft.total = Number.NaN), ['total']],
    ['a Date', (draft: { note?: unknown }) => void (draft.note = new Date(0)), ['note']],
    ['a Map', (draft: { note?: unknown }) => void (draft.note = new Map()), ['note']],
    ['a function', (draft: { note?: unknown }) => void (draft.note = () => 1), ['note']],
    ['a value of the wrong type', (draft: { note?: unknown }) => void (draft.note = 7), ['note']],
    ['a key that the schema does not know', (draft: object) => void Object.assign(draft, { extra: 1 }), []],
  ])('refuses %s with its path', async (_what, recipe, path) => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await expect(tab.update(recipe as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { entity: 'conversation:anna', state: 'tab', issues: [{ path }] },
    });
    expect(tab.version).toBe(0);
  });

  it('refuses a value that refers to itself', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    await expect(tab.update((draft) => void Object.assign(draft, { note: loop }))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('refuses a change that breaks an invariant and names it', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await expect(tab.update((draft) => void (draft.total = 5))).rejects.toMatchObject({
      code: 'INVARIANT_VIOLATED',
      data: { invariant: 'total is the sum', state: 'tab' },
    });
    expect(tab.version).toBe(0);
  });

  it('refuses an asynchronous recipe', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const recipe = (async () => {}) as unknown as () => void;
    await expect(tab.update(recipe)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'recipe' } });
  });

  it('refuses an expected version that has passed, without running the recipe', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    await tab.update((draft) => order(draft, 'Martini', 13));
    let runs = 0;
    await expect(tab.update(() => void runs++, { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'CONCURRENT_MODIFICATION',
      data: { expectedVersion: 0, actualVersion: 1 },
    });
    expect(runs).toBe(0);
    await tab.update((draft) => order(draft, 'Beer', 5), { expectedVersion: 1 });
    expect(tab.version).toBe(2);
  });

  it('takes a waiting update out of the queue when its signal aborts', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const abort = new AbortController();
    const waiting = counter.update((draft) => void (draft.count += 1), { signal: abort.signal });
    abort.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(counter.current.count).toBe(0);
  });
});

describe('set', () => {
  it('replaces the value, and is no commit when it is the same already', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    await wallet.set({ balance: 7 });
    await wallet.set({ balance: 7 });
    expect(wallet.current).toEqual({ balance: 7 });
    expect(wallet.version).toBe(1);
  });
});

describe('a transaction', () => {
  it('is made again when somebody creates meanwhile what it found to be absent', async () => {
    const store = testStore();
    await using other = await StateManager.open({ store });
    const theirs = await other.conversation('anna').get(Wallet);
    let isFirst = true;
    const overtaken = beforeCommit(store, async () => {
      if (!isFirst) return;
      isFirst = false;
      await theirs.set({ balance: 7 });
    });
    await using state = await StateManager.open({ store: overtaken });
    const [counter, wallet] = [await state.global().get(Counter), await state.conversation('anna').get(Wallet)];
    const counted = state.transaction([counter, wallet], ([count, { balance }]) => (count.count += balance));
    expect((await counted).value).toBe(7);
  });

  it('changes states of several entities together', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    const till = await state.team('bar').get(Till);
    await state.transaction([wallet, till], ([from, to]) => {
      from.balance -= 13;
      to.taken += 13;
    });
    expect([wallet.current.balance, till.current.taken]).toEqual([87, 13]);
  });

  it('changes none of them when one does not fit', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    const till = await state.team('bar').get(Till);
    const spoil = state.transaction([wallet, till], ([from, to]) => {
      from.balance -= 13;
      to.taken = 0.5;
    });
    await expect(spoil).rejects.toMatchObject({ code: 'VALIDATION_FAILED', data: { state: 'till' } });
    expect([wallet.version, till.version]).toEqual([0, 0]);
  });

  it('refuses to be given the same state twice', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    const again = await state.conversation('anna').get(Wallet);
    await expect(state.transaction([wallet, again], () => undefined)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('an invariant across states', () => {
  it('holds although a commit writes only one of them', async () => {
    await using state = await openManager({ invariants: [withinBudget] });
    const tab = await state.conversation('anna').get(Tab);
    const wallet = await state.conversation('anna').get(Wallet);
    await tab.update((draft) => order(draft, 'Champagne', 90));
    await expect(tab.update((draft) => order(draft, 'Caviar', 20))).rejects.toMatchObject({
      code: 'INVARIANT_VIOLATED',
      data: { invariant: 'within budget' },
    });
    await expect(wallet.update((draft) => void (draft.balance = 50))).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
    expect([tab.current.total, wallet.current.balance]).toEqual([90, 100]);
  });

  it('cannot be broken by two commits of one turn together', async () => {
    await using state = await openManager({ invariants: [withinBudget] });
    const tab = await state.conversation('anna').get(Tab);
    const wallet = await state.conversation('anna').get(Wallet);
    const results = await Promise.allSettled([
      tab.update((draft) => order(draft, 'Champagne', 90)),
      wallet.update((draft) => void (draft.balance = 50)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});

describe('an older and a newer definition', () => {
  const one = defineState({ name: 'guest', scope: 'global', schema: z.strictObject({ name: z.string() }), initial: { name: '' } });
  const two = defineState({
    name: 'guest',
    scope: 'global',
    version: 2,
    schema: z.strictObject({ first: z.string(), last: z.string() }),
    initial: { first: '', last: '' },
    migrations: {
      2: ({ name }: { name: string }) => {
        const [first = '', last = ''] = name.split(' ');
        return { first, last };
      },
    },
  });

  it('migrates what is stored when it is read, and writes the new shape with the next change', async () => {
    const store = testStore();
    await using before = await StateManager.open({ store });
    await (await before.global().get(one)).set({ name: 'Anna Berg' });
    await before.close();
    await using after = await StateManager.open({ store });
    const guest = await after.global().get(two);
    expect(guest.current).toEqual({ first: 'Anna', last: 'Berg' });
    await guest.update((draft) => void (draft.last = 'Bergman'));
    expect(await guest.at(1)).toEqual({ first: 'Anna', last: 'Berg' });
    expect(guest.current).toEqual({ first: 'Anna', last: 'Bergman' });
  });

  it('lets an older program read a newer state as it is, but not write it', async () => {
    const store = testStore();
    await using newer = await StateManager.open({ store });
    await (await newer.global().get(two)).set({ first: 'Anna', last: 'Berg' });
    await newer.close();
    await using older = await StateManager.open({ store });
    const guest = await older.global().get(one);
    expect(guest.current).toEqual({ first: 'Anna', last: 'Berg' });
    await expect(guest.set({ name: 'x' })).rejects.toMatchObject({ code: 'NEWER_VERSION', data: { found: 2, known: 1 } });
  });

  it('refuses two definitions of one name in one manager', async () => {
    await using state = await openManager();
    await state.global().get(one);
    await expect(state.global().get(two)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
