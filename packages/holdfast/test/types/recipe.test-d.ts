import { describe, expectTypeOf, it } from 'vitest';
import type { CommitResult, Draft, StateHandle, StateManager, SyncResult, Transaction } from 'holdfast';

interface TabValue {
  readonly items: readonly { readonly name: string; readonly price: number }[];
  readonly total: number;
  readonly note?: string;
}
interface Till {
  taken: number;
  bySeat: Record<string, number>;
}
declare const state: StateManager;
declare const tab: StateHandle<TabValue>;
declare const till: StateHandle<Till>;
declare const fetched: Promise<number>;
declare const thenable: PromiseLike<number>;

/** Wrappers, as an application would write them. */
async function logged<T, R>(handle: StateHandle<T>, recipe: (draft: Draft<T>, tx: Transaction) => SyncResult<R>): Promise<R> {
  const { value } = await handle.update(recipe);
  return value;
}

async function counted<R>(recipe: (draft: Draft<Till>) => SyncResult<R>): Promise<R> {
  const { value } = await till.update((draft) => {
    draft.taken += 1;
    return recipe(draft);
  });
  return value;
}

async function both<R>(recipe: (tab: Draft<TabValue>, till: Draft<Till>) => SyncResult<R>): Promise<R> {
  const { value } = await state.transaction([tab, till], ([first, second]) => recipe(first, second));
  return value;
}

function careless<R>(recipe: (draft: Draft<Till>) => R): unknown {
  // @ts-expect-error What R is might be a promise.
  return till.update(recipe);
}

describe('what a recipe returns', () => {
  it('is the type of the result, whatever it is', () => {
    expectTypeOf(tab.update(() => undefined)).toEqualTypeOf<Promise<CommitResult<undefined>>>();
    expectTypeOf(tab.update(({ items }) => items.length)).toEqualTypeOf<Promise<CommitResult<number>>>();
    expectTypeOf(tab.update((): void => undefined)).toEqualTypeOf<Promise<CommitResult<void>>>();
    expectTypeOf(tab.update(({ items }) => items[0])).toEqualTypeOf<Promise<CommitResult<{ name: string; price: number } | undefined>>>();
    expectTypeOf(till.update(({ bySeat }) => bySeat)).toEqualTypeOf<Promise<CommitResult<Record<string, number>>>>();
    expectTypeOf(till.update(({ taken }) => (taken > 0 ? { taken } : null))).toEqualTypeOf<
      Promise<CommitResult<{ taken: number } | null>>
    >();
    expectTypeOf(till.update((): unknown => 1)).toEqualTypeOf<Promise<CommitResult<unknown>>>();
    expectTypeOf(till.update(() => [1, 'a'] as const)).toEqualTypeOf<Promise<CommitResult<readonly [1, 'a']>>>();
    expectTypeOf(till.update<number>(({ taken }) => taken)).toEqualTypeOf<Promise<CommitResult<number>>>();
  });

  it('is no promise, in whichever way it is made', () => {
    // @ts-expect-error The recipe is asynchronous.
    void tab.update(async (draft) => void (draft.total = 1));
    // @ts-expect-error It hands out a promise.
    void tab.update(() => fetched);
    // @ts-expect-error It sometimes does.
    void tab.update((draft) => (draft.total > 0 ? fetched : 1));
    // @ts-expect-error Neither is it another kind of promise.
    void tab.update(() => thenable);
    // @ts-expect-error Also in a transaction.
    void state.transaction([tab, till], async ([draft]) => draft.total);
    // @ts-expect-error Also when the type says so.
    void tab.update<Promise<number>>(() => fetched);
  });
});

describe('a draft', () => {
  it('may be changed all the way down, by its type', () => {
    void tab.update((draft) => {
      expectTypeOf(draft).toEqualTypeOf<Draft<TabValue>>();
      draft.items.push({ name: 'Beer', price: 5 });
      draft.items[0]!.price = 6;
      delete draft.note;
      // @ts-expect-error The price is a number.
      draft.items.push({ name: 'Beer', price: '5' });
      // @ts-expect-error The total cannot be absent.
      delete draft.total;
      // @ts-expect-error There is no such field.
      draft.tip = 1;
    });
  });

  it('cannot be changed outside of a recipe', () => {
    // @ts-expect-error The value is read only.
    tab.current.total = 1;
    // @ts-expect-error All the way down.
    tab.current.items[0] = { name: 'Beer', price: 5 };
    // @ts-expect-error A handle's version is the engine's.
    tab.version = 3;
  });
});

describe('a wrapper around update', () => {
  it('infers the result, and is as strict about promises', () => {
    expectTypeOf(logged(tab, ({ total }) => total)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(logged(till, (draft) => void (draft.taken += 1))).toEqualTypeOf<Promise<undefined>>();
    // @ts-expect-error The recipe is asynchronous.
    void logged(tab, async ({ total }) => total);
  });

  it('may run the recipe in one of its own', () => {
    expectTypeOf(counted(({ taken }) => taken)).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error The recipe is asynchronous.
    void counted(async () => 1);
  });

  it('must say that the recipe is synchronous', () => {
    expectTypeOf(careless).toBeFunction();
  });

  it('goes around a transaction as well', () => {
    expectTypeOf(both((first, second) => first.total + second.taken)).toEqualTypeOf<Promise<number>>();
  });
});

describe('a transaction', () => {
  it('types the draft of each handle by its place, and knows how many there are', () => {
    const result = state.transaction([tab, till, tab], ([first, second, third], tx) => {
      expectTypeOf(first).toEqualTypeOf<Draft<TabValue>>();
      expectTypeOf(second).toEqualTypeOf<Draft<Till>>();
      expectTypeOf(third).toEqualTypeOf<Draft<TabValue>>();
      expectTypeOf(tx.now).toEqualTypeOf<number>();
      return second.taken;
    });
    expectTypeOf(result).toEqualTypeOf<Promise<CommitResult<number>>>();
    void state.transaction([tab, till], (drafts) => {
      expectTypeOf(drafts.length).toEqualTypeOf<2>();
      // @ts-expect-error The second is the till's.
      drafts[1].total = 1;
    });
  });

  it('of a list of handles has a list of drafts', () => {
    const tills: readonly StateHandle<Till>[] = [till];
    void state.transaction(tills, (drafts) => {
      for (const draft of drafts) draft.taken += 1;
    });
  });

  it('takes handles and options only', () => {
    // @ts-expect-error A value is no handle.
    void state.transaction([tab.current], () => undefined);
    // @ts-expect-error The input goes with a key.
    void state.transaction([tab], () => undefined, { idempotency: { input: 1 } });
    // @ts-expect-error A version is a number.
    void tab.update(() => undefined, { expectedVersion: '1' });
  });
});
