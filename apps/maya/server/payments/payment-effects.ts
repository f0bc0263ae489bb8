import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { z } from 'zod';
import { conversationState, orderHistoryState, paymentState } from '../state/index.ts';
import { attempt } from './attempts.ts';
import { collectEffects, type CollectEffect } from './collect-effects.ts';
import { closePayment, paymentOpened } from './payment-changes.ts';
import { announce } from './payment-news.ts';
import type { PaymentOrigin } from './payment-origin.ts';
import { PROVIDER_NAMES, ProviderRefusal, type NewPayment, type PaymentProvider, type ProviderPayment } from './payment-provider.ts';
import type { PaymentTimes } from './payment-times.ts';

const OpenInput = z.strictObject({
  provider: z.enum(PROVIDER_NAMES),
  number: z.int(),
  amount: z.int().min(1),
  currency: z.string(),
  description: z.string(),
  startedAt: z.int(),
  /** Of the session that pays; it stays in its own store. */
  sessionId: z.string(),
});
const OpenOutput = z.strictObject({ id: z.string(), url: z.string() });

export interface PaymentEffects {
  /** Has the provider make the payment; it continues with `collectPayment` under the same key. */
  readonly openPayment: EffectDefinition<z.infer<typeof OpenInput>, z.infer<typeof OpenOutput>>;
  /** Finds out whether the guest has paid: unknown for as long as the payment is open. */
  readonly collectPayment: CollectEffect;
  /** Goes on asking about a payment that the provider had, and does not know any more. */
  readonly tracePayment: CollectEffect;
}

export interface PaymentEffectsOptions {
  readonly provider: PaymentProvider;
  readonly times: PaymentTimes;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Keeps where a payment comes from; called before the provider hears of it, and perhaps again. */
  readonly remember: (key: string, origin: PaymentOrigin) => Promise<void>;
}

/** Paying, as effects: what is asked of the provider stands in the store before it is asked, and so does every answer. */
export function paymentEffects({ provider, times, clock, remember }: PaymentEffectsOptions): PaymentEffects {
  const { collectPayment, tracePayment } = collectEffects(provider, times);
  /** Keys whose attempts this process has used up. What another one had left died with it; then the time decides. */
  const usedUp = new Set<string>();
  const leftMs = ({ startedAt }: { readonly startedAt: number }): number => startedAt + times.attemptsWithinMs - clock();

  const openPayment = defineEffect({
    name: 'openPayment',
    input: OpenInput,
    output: OpenOutput,
    states: [paymentState, orderHistoryState, conversationState],
    // Longer than an attempt and its wait: after the attempts are used up it is only asked what became of them.
    retry: { firstMs: 1_000, maxMs: 30_000 },
    run: async (input, { key, signal }) => {
      if (input.provider !== provider.name)
        throw new EffectFailure('The bar was given another payment provider before this one was asked.');
      const payment = newPayment(input, key);
      const { sessionId, amount, currency } = input;
      await remember(key, { sessionId, provider: provider.name, amount, currency });
      try {
        const withinMs = Math.max(leftMs(input), times.callTimeoutMs);
        return opened(await attempt((limited) => provider.create(payment, limited), times, { withinMs, signal }));
      } catch (error) {
        if (error instanceof ProviderRefusal) throw new EffectFailure(error.message);
        if (!signal.aborted) usedUp.add(key);
        throw error;
      }
    },
    reconcile: async (input, { key, signal }) => {
      if (input.provider !== provider.name) return { status: 'unknown', error: `${input.provider} is not the bar's payment provider now.` };
      const limited = AbortSignal.any([signal, AbortSignal.timeout(times.callTimeoutMs)]);
      const found = await provider.find(newPayment(input, key), limited);
      if (found) return { status: 'done', output: opened(found) };
      if (!usedUp.has(key) && leftMs(input) > 0) return { status: 'absent' };
      // A payment that appears at the provider after this has a link that nobody was given.
      return { status: 'failed', error: 'The provider did not make it.' };
    },
    settle: ([payment, history, conversation], outcome, tx, { key, input }) => {
      if (payment.idempotencyKey !== key) return;
      const { provider: name, number, amount, currency } = input;
      if (outcome.status === 'unknown') payment.needsReconciliation = true;
      else if (outcome.status === 'done') {
        paymentOpened(payment, outcome.output);
        tx.effect(collectPayment, { key, input: { provider: name, number, paymentId: outcome.output.id, amount, currency } });
      } else if (closePayment(payment, history, 'failed', tx.now)) {
        announce(conversation, { outcome: 'failed', number, amount, at: tx.now }, payment);
      }
    },
  });

  return { openPayment, collectPayment, tracePayment };
}

function newPayment({ amount, currency, description, startedAt }: z.infer<typeof OpenInput>, idempotencyKey: string): NewPayment {
  return { amount, currency, description, startedAt, idempotencyKey };
}

function opened({ id, url }: ProviderPayment): z.infer<typeof OpenOutput> {
  return { id, url };
}
