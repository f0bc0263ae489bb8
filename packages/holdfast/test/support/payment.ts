import { z } from 'zod';
import { defineEffect, defineState, type EffectDefinition, type Reconciliation, type StateDefinition, type StateManager } from 'holdfast';

export type PaymentValue = { status: 'open' | 'paying' | 'paid' | 'refused' | 'unclear'; receipt: string | null };
export const Payment: StateDefinition<PaymentValue, 'conversation'> = defineState({
  name: 'payment',
  scope: 'conversation',
  schema: z.strictObject({ status: z.enum(['open', 'paying', 'paid', 'refused', 'unclear']), receipt: z.string().nullable() }),
  initial: { status: 'open', receipt: null },
});

export interface Provider {
  readonly effect: EffectDefinition<{ amount: number }, { receipt: string }>;
  /** Keys of the charges that really happened, in order. */
  readonly charges: string[];
  readonly runs: string[];
}

/** A provider whose `run` and `reconcile` the test decides. */
export function provider(behaviour: {
  run?: (charge: () => { receipt: string }, signal: AbortSignal) => Promise<{ receipt: string }>;
  reconcile?: (found: { receipt: string } | undefined, key: string) => Promise<Reconciliation<{ receipt: string }>>;
  settle?: () => void;
  retry?: { readonly firstMs: number; readonly maxMs: number };
}): Provider {
  const charges: string[] = [];
  const runs: string[] = [];
  const { run = async (charge) => charge(), reconcile, settle, retry = { firstMs: 1, maxMs: 5 } } = behaviour;
  const effect = defineEffect({
    name: 'charge',
    input: z.strictObject({ amount: z.int().positive() }),
    output: z.strictObject({ receipt: z.string() }),
    states: [Payment],
    retry,
    run: (_input, { key, signal }) => {
      runs.push(key);
      return run(() => {
        if (!charges.includes(key)) charges.push(key);
        return { receipt: `r-${key}` };
      }, signal);
    },
    ...(reconcile && {
      reconcile: (_input: { amount: number }, { key }: { key: string }) =>
        reconcile(charges.includes(key) ? { receipt: `r-${key}` } : undefined, key),
    }),
    settle: ([payment], outcome) => {
      settle?.();
      payment.status = outcome.status === 'done' ? 'paid' : outcome.status === 'failed' ? 'refused' : 'unclear';
      payment.receipt = outcome.status === 'done' ? outcome.output.receipt : null;
    },
  });
  return { effect, charges, runs };
}

export async function pay(state: StateManager, { effect }: Provider, key = 'p1', amount = 31, guest = 'anna'): Promise<void> {
  const payment = await state.conversation(guest).get(Payment);
  await payment.update((draft, tx) => {
    draft.status = 'paying';
    tx.effect(effect, { key, input: { amount } });
  });
}
