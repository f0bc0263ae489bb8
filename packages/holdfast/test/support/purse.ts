import { z } from 'zod';
import { defineEffect, defineState, EffectFailure, type EffectDefinition, type StateDefinition, type Transaction } from 'holdfast';

export const PRICE = 31;
export const START = 100;

export interface PurseValue {
  /** What may be spent. */
  balance: number;
  /** Of a charge whose outcome is not known. */
  held: number;
  spent: number;
  /** How often `settle` was applied with each outcome. */
  settled: { done: number; failed: number; unknown: number };
}

/** What a guest has: money goes from `balance` to `held` with the intent, and on with the outcome. */
export const Purse: StateDefinition<PurseValue, 'conversation'> = defineState({
  name: 'purse',
  scope: 'conversation',
  schema: z.strictObject({
    balance: z.int().nonnegative(),
    held: z.int().nonnegative(),
    spent: z.int().nonnegative(),
    settled: z.strictObject({ done: z.int(), failed: z.int(), unknown: z.int() }),
  }),
  initial: { balance: START, held: 0, spent: 0, settled: { done: 0, failed: 0, unknown: 0 } },
  invariants: { conserved: ({ balance, held, spent }) => balance + held + spent === START },
});

export type ChargeEffect = EffectDefinition<{ readonly amount: number }, { readonly receipt: string }>;

/** An effect that charges somewhere; asked about `firstMs` after its outcome was unknown. */
export function chargeEffect(charging: Pick<ChargeEffect, 'run' | 'reconcile'>, firstMs = 5): ChargeEffect {
  return defineEffect({
    name: 'charge',
    input: z.strictObject({ amount: z.int().positive() }),
    output: z.strictObject({ receipt: z.string() }),
    states: [Purse],
    retry: { firstMs, maxMs: 4 * firstMs },
    ...charging,
    settle: ([purse], { status }, _tx, { input: { amount } }) => {
      purse.settled[status] += 1;
      if (status === 'unknown') return;
      purse.held -= amount;
      if (status === 'done') purse.spent += amount;
      else purse.balance += amount;
    },
  });
}

/** Holds the money and intends the charge. */
export function intend(purse: PurseValue, tx: Transaction, charge: ChargeEffect, key: string): void {
  purse.balance -= PRICE;
  purse.held += PRICE;
  tx.effect(charge, { key, input: { amount: PRICE } });
}

/** An effect that charges at the provider of payment-server.ts. */
export function chargeAt(url: string, { canAsk = true, firstMs = 5 } = {}): ChargeEffect {
  const call = async (method: string, key: string, signal: AbortSignal): Promise<Response> =>
    await fetch(`${url}/${key}`, { method, signal, headers: { connection: 'close' } });
  return chargeEffect(
    {
      run: async (_input, { key, signal }) => {
        const response = await call('POST', key, signal);
        if (response.status === 402) throw new EffectFailure('declined');
        return (await response.json()) as { receipt: string };
      },
      ...(canAsk && {
        reconcile: async (_input, { key, signal }) => {
          const response = await call('GET', key, signal);
          if (response.status === 200) return { status: 'done', output: (await response.json()) as { receipt: string } };
          if (response.status === 404) return { status: 'absent' };
          if (response.status === 410) return { status: 'failed', error: 'cancelled' };
          return { status: 'unknown', error: `the provider answers ${response.status}` };
        },
      }),
    },
    firstMs,
  );
}
