import { defineEffect, defineState } from 'holdfast';
import { z } from 'zod';

export const Payment = defineState({
  name: 'payment',
  scope: 'conversation',
  schema: z.strictObject({ status: z.enum(['open', 'paying', 'unclear', 'paid', 'refused']) }),
  initial: { status: 'open' },
});

/** Charges with the provider at a URL: POST charges, GET asks whether it was charged. */
export const chargeAt = (url: string) =>
  defineEffect({
    name: 'charge',
    input: z.strictObject({ amount: z.int().positive() }),
    output: z.null(),
    states: [Payment],
    run: async (input, { key, signal }) => {
      const response = await fetch(`${url}/${key}`, { method: 'POST', body: JSON.stringify(input), signal });
      if (!response.ok) throw new Error(`the provider answered ${response.status}`);
      return null;
    },
    reconcile: async (_input, { key, signal }) => {
      const { ok } = await fetch(`${url}/${key}`, { signal });
      return ok ? { status: 'done', output: null } : { status: 'absent' };
    },
    settle: ([payment], outcome) => {
      payment.status = outcome.status === 'done' ? 'paid' : outcome.status === 'failed' ? 'refused' : 'unclear';
    },
  });
