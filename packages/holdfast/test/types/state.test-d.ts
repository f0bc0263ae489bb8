import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  defineEffect,
  defineInvariant,
  defineState,
  HoldfastError,
  isHoldfastError,
  type CommitResult,
  type StateHandle,
  type StateManager,
} from 'holdfast';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ items: z.array(z.string()).readonly(), total: z.int() }),
  initial: { items: [], total: 0 },
});
const Till = defineState({ name: 'till', scope: 'team', schema: z.strictObject({ taken: z.int() }), initial: { taken: 0 } });
declare const state: StateManager;
declare const tab: StateHandle<{ readonly items: readonly string[]; readonly total: number }>;
declare const till: StateHandle<{ taken: number }>;

describe('a handle', () => {
  it('has the type that the schema gives out', async () => {
    expectTypeOf(await state.team('bar').get(Till)).toEqualTypeOf<StateHandle<{ taken: number }>>();
    expectTypeOf((await state.conversation('anna').get(Tab)).current.items).toEqualTypeOf<readonly string[]>();
  });

  it('is not had in another scope', () => {
    // @ts-expect-error A team has no conversation states.
    void state.team('bar').get(Tab);
  });
});

describe('a recipe', () => {
  it('gets a draft that may be changed although the value may not', () => {
    void tab.update((draft) => {
      expectTypeOf(draft.items).toEqualTypeOf<string[]>();
      draft.items.push('Beer');
      draft.total += 5;
    });
  });

  it('gives its result its type', () => {
    expectTypeOf(tab.update((draft) => draft.total)).toEqualTypeOf<Promise<CommitResult<number>>>();
    expectTypeOf(tab.update(() => undefined)).toEqualTypeOf<Promise<CommitResult<undefined>>>();
  });

  it('may not be asynchronous', () => {
    // @ts-expect-error A recipe answers at once.
    void tab.update(async (draft) => {
      draft.total = 1;
    });
    // @ts-expect-error Neither may that of a transaction.
    void state.transaction([tab, till], async () => {});
  });

  it('may not write what the schema does not have', () => {
    void tab.update((draft) => {
      // @ts-expect-error The total is a number.
      draft.total = 'five';
      // @ts-expect-error There is no such field.
      draft.tip = 5;
    });
  });

  it('gets a draft of each state of a transaction, in order', () => {
    void state.transaction([tab, till], ([first, second]) => {
      expectTypeOf(first.items).toEqualTypeOf<string[]>();
      expectTypeOf(second.taken).toEqualTypeOf<number>();
    });
  });
});

describe('a definition', () => {
  it('takes an initial value of the schema’s type only', () => {
    // @ts-expect-error The count is a number.
    defineState({ name: 'counter', scope: 'global', schema: z.strictObject({ count: z.int() }), initial: { count: 'none' } });
    // @ts-expect-error There is no such scope.
    defineState({ name: 'counter', scope: 'galaxy', schema: z.strictObject({ count: z.int() }), initial: { count: 0 } });
  });

  it('types the values of its invariants, also across states', () => {
    defineState({
      name: 'counter',
      scope: 'global',
      schema: z.strictObject({ count: z.int() }),
      initial: { count: 0 },
      invariants: { grows: (now, was) => now.count >= was.count },
    });
    const Other = defineState({ name: 'other', scope: 'conversation', schema: z.strictObject({ limit: z.int() }), initial: { limit: 0 } });
    defineInvariant('within', [Tab, Other], ([first, second]) => {
      expectTypeOf(first.total).toEqualTypeOf<number>();
      expectTypeOf(second.limit).toEqualTypeOf<number>();
      return first.total <= second.limit;
    });
  });
});

describe('an effect', () => {
  const Charge = defineEffect({
    name: 'charge',
    input: z.strictObject({ amount: z.int() }),
    output: z.strictObject({ receipt: z.string() }),
    states: [Tab],
    run: async ({ amount }) => {
      expectTypeOf(amount).toEqualTypeOf<number>();
      return { receipt: 'r' };
    },
    settle: ([draft], outcome) => {
      expectTypeOf(draft.items).toEqualTypeOf<string[]>();
      if (outcome.status === 'done') expectTypeOf(outcome.output.receipt).toEqualTypeOf<string>();
      else expectTypeOf(outcome.error).toEqualTypeOf<string>();
    },
  });

  it('is intended with input of its type only', () => {
    void tab.update((_draft, tx) => {
      tx.effect(Charge, { key: 'p1', input: { amount: 5 } });
      // @ts-expect-error The amount is a number.
      tx.effect(Charge, { key: 'p1', input: { amount: '5' } });
    });
  });
});

describe('an error', () => {
  it('has the data of its code', () => {
    const error: unknown = undefined;
    if (isHoldfastError(error, 'LEASE_HELD')) expectTypeOf(error.data.expiresAt).toEqualTypeOf<number>();
    // @ts-expect-error There is no such code.
    isHoldfastError(error, 'OUT_OF_BEER');
    // @ts-expect-error The data must be those of the code.
    void new HoldfastError('NOT_FOUND', 'x', { entity: 'x' });
  });
});
