import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  defineEffect,
  defineState,
  type EffectDefinition,
  type EffectOutcome,
  type EntityHandle,
  type StateHandle,
  type UnsettledEffect,
} from 'holdfast';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ items: z.array(z.string()).readonly(), total: z.int() }),
  initial: { items: [], total: 0 },
});
const Purse = defineState({ name: 'purse', scope: 'conversation', schema: z.strictObject({ balance: z.int() }), initial: { balance: 0 } });
const input = z.strictObject({ amount: z.int() });
const output = z.strictObject({ receipt: z.string() });
declare const charge: () => Promise<{ receipt: string }>;
declare const tab: StateHandle<{ readonly items: readonly string[]; readonly total: number }>;
declare const anna: EntityHandle<'conversation'>;

describe('the definition of an effect', () => {
  it('has the types of its input and output', () => {
    const Charge = defineEffect({ name: 'charge', input, output, states: [Tab], run: async () => ({ receipt: 'r' }) });
    expectTypeOf(Charge).toEqualTypeOf<EffectDefinition<{ amount: number }, { receipt: string }>>();
  });

  it('gives run and reconcile the input, and takes the output from them', () => {
    defineEffect({
      name: 'charge',
      input,
      output,
      states: [],
      run: async (given, { key, run, signal }) => {
        expectTypeOf(given).toEqualTypeOf<{ amount: number }>();
        expectTypeOf([key, run, signal] as const).toEqualTypeOf<readonly [string, number, AbortSignal]>();
        return { receipt: 'r' };
      },
      reconcile: async (given) => (given.amount > 0 ? { status: 'done', output: { receipt: 'r' } } : { status: 'absent' }),
      simulate: async ({ amount }) => ({ receipt: `simulated ${amount}` }),
    });
    // @ts-expect-error A receipt is a string.
    defineEffect({ name: 'charge', input, output, states: [], run: async () => ({ receipt: 7 }) });
    // @ts-expect-error What happens outside is waited for.
    defineEffect({ name: 'charge', input, output, states: [], run: () => ({ receipt: 'r' }) });
    // @ts-expect-error There is nothing that runs.
    defineEffect({ name: 'charge', input, output, states: [] });
    // @ts-expect-error A done effect has its output.
    defineEffect({ name: 'charge', input, output, states: [], run: charge, reconcile: async () => ({ status: 'done' }) });
    // @ts-expect-error There is no such answer.
    defineEffect({ name: 'charge', input, output, states: [], run: charge, reconcile: async () => ({ status: 'maybe' }) });
  });
});

describe('settling', () => {
  it('gets drafts of the definition’s states, in their order', () => {
    defineEffect({
      name: 'charge',
      input,
      output,
      states: [Tab, Purse],
      run: async () => ({ receipt: 'r' }),
      settle: ([first, second], outcome, tx, effect) => {
        expectTypeOf(first.items).toEqualTypeOf<string[]>();
        expectTypeOf(second).toEqualTypeOf<{ balance: number }>();
        expectTypeOf(outcome).toEqualTypeOf<EffectOutcome<{ receipt: string }>>();
        expectTypeOf(effect).toEqualTypeOf<{ readonly key: string; readonly input: { amount: number } }>();
        expectTypeOf(tx.now).toEqualTypeOf<number>();
        first.items.push('Beer');
        second.balance -= effect.input.amount;
        // @ts-expect-error The balance is a number.
        second.balance = 'none';
        // @ts-expect-error There is no such field.
        first.tip = 5;
      },
    });
  });

  it('gets none of states that the definition does not name', () => {
    defineEffect({
      name: 'charge',
      input,
      output,
      states: [Tab],
      run: async () => ({ receipt: 'r' }),
      settle: ([, purse]) => {
        // @ts-expect-error There is one state.
        purse.balance = 0;
      },
    });
  });

  it('sees an output of what is done, and an error of what is not', () => {
    const outcome = {} as EffectOutcome<{ receipt: string }>;
    expectTypeOf(outcome.status === 'done' ? outcome.output.receipt : outcome.error).toEqualTypeOf<string>();
    // @ts-expect-error It may not be done.
    void outcome.output;
  });

  it('is synchronous', () => {
    defineEffect({
      name: 'charge',
      input,
      output,
      states: [Tab],
      run: async () => ({ receipt: 'r' }),
      // @ts-expect-error It writes into a commit, which waits for nobody.
      settle: async ([draft]) => {
        draft.total = 0;
      },
    });
  });
});

describe('an intent', () => {
  const Charge = defineEffect({ name: 'charge', input, output, states: [Tab], run: async () => ({ receipt: 'r' }) });

  it('has a key and input of the effect’s type', () => {
    void tab.update((_draft, tx) => {
      tx.effect(Charge, { key: 'p1', input: { amount: 5 } });
      // @ts-expect-error The amount is a number.
      tx.effect(Charge, { key: 'p1', input: { amount: '5' } });
      // @ts-expect-error Without an amount nothing is charged.
      tx.effect(Charge, { key: 'p1', input: {} });
      // @ts-expect-error Without a key nobody can tell whether it was done.
      tx.effect(Charge, { input: { amount: 5 } });
      // @ts-expect-error Only what defineEffect made is an effect.
      tx.effect('charge', { key: 'p1', input: { amount: 5 } });
    });
  });

  it('answers with an outcome of the output’s type', () => {
    expectTypeOf(anna.effect(Charge, 'p1').outcome()).toEqualTypeOf<Promise<EffectOutcome<{ receipt: string }>>>();
    expectTypeOf(anna.unsettledEffects()).toEqualTypeOf<Promise<readonly UnsettledEffect[]>>();
    expectTypeOf<UnsettledEffect['status']>().toEqualTypeOf<'intended' | 'started' | 'unknown'>();
  });
});
