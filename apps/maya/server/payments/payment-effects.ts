import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { z } from 'zod';
import { conversationState, orderHistoryState, paymentState } from '../state/index.ts';
import { closePayment, completePayment, paymentOpened } from './payment-changes.ts';
import { announce, type PaymentNews } from './payment-news.ts';
import { ProviderRefusal, type PaymentProvider, type ProviderPayment } from './payment-provider.ts';

/** How often the provider is asked to make a payment before it counts as failed, always under the same key. */
const CREATE_ATTEMPTS = 4;
/** After this time a call to the provider counts as lost. */
const CALL_TIMEOUT_MS = 5_000;

const OpenInput = z.strictObject({ number: z.int(), amount: z.int().min(1), currency: z.string(), description: z.string() });
const OpenOutput = z.strictObject({ id: z.string(), url: z.string() });
const CollectInput = z.strictObject({ number: z.int(), paymentId: z.string(), amount: z.int().min(1) });
const CollectOutput = z.strictObject({ paymentId: z.string() });

const PAYMENT_STATES = [paymentState, orderHistoryState, conversationState] as const;

export interface PaymentEffects {
  /** Has the provider make the payment; it continues with `collectPayment` under the same key. */
  readonly openPayment: EffectDefinition<z.infer<typeof OpenInput>, z.infer<typeof OpenOutput>>;
  /** Finds out whether the guest has paid: unknown for as long as the payment is open. */
  readonly collectPayment: EffectDefinition<z.infer<typeof CollectInput>, z.infer<typeof CollectOutput>>;
}

/** Paying, as two effects: what is asked of the provider stands in the store before it is asked, and so does every answer. */
export function paymentEffects(provider: PaymentProvider): PaymentEffects {
  const collectPayment = defineEffect({
    name: 'collectPayment',
    input: CollectInput,
    output: CollectOutput,
    states: PAYMENT_STATES,
    retry: { firstMs: 500, maxMs: 2_000 },
    run: async ({ paymentId }, { signal }) => {
      const found = await provider.get(paymentId, limited(signal));
      if (found?.status === 'paid') return { paymentId };
      if (found?.status === 'open') throw new Error('The guest has not answered yet.');
      throw new EffectFailure(found?.status ?? 'failed');
    },
    reconcile: async ({ paymentId }, { signal }) => {
      const found = await provider.get(paymentId, limited(signal));
      if (found?.status === 'paid') return { status: 'done', output: { paymentId } };
      if (found?.status === 'open') return { status: 'unknown', error: 'The guest has not answered yet.' };
      return { status: 'failed', error: found?.status ?? 'failed' };
    },
    settle: ([payment, history, conversation], outcome, tx, { input }) => {
      if (outcome.status === 'unknown' || payment.paymentId !== input.paymentId) return;
      const settled = outcome.status === 'done' ? 'paid' : endOf(outcome.error);
      const news: PaymentNews = { outcome: settled, number: input.number, amount: input.amount, at: tx.now };
      const isNews =
        settled === 'paid' ? completePayment(payment, history, input.paymentId, tx.now) : closePayment(payment, history, settled, tx.now);
      if (isNews) announce(conversation, news, payment);
    },
  });

  const openPayment = defineEffect({
    name: 'openPayment',
    input: OpenInput,
    output: OpenOutput,
    states: PAYMENT_STATES,
    retry: { firstMs: 500, maxMs: 4_000 },
    run: async ({ amount, currency, description }, { key, signal }) => {
      try {
        return opened(await provider.create({ amount, currency, description, idempotencyKey: key }, limited(signal)));
      } catch (error) {
        throw error instanceof ProviderRefusal ? new EffectFailure(error.message) : error;
      }
    },
    reconcile: async (_input, { key, run, signal }) => {
      const found = await provider.find(key, limited(signal));
      if (found) return { status: 'done', output: opened(found) };
      // A payment that appears at the provider after this has a link that nobody was given.
      return run < CREATE_ATTEMPTS ? { status: 'absent' } : { status: 'failed', error: `The provider did not make it in ${run} attempts.` };
    },
    settle: ([payment, history, conversation], outcome, tx, { key, input }) => {
      if (payment.idempotencyKey !== key) return;
      if (outcome.status === 'unknown') payment.needsReconciliation = true;
      else if (outcome.status === 'done') {
        paymentOpened(payment, outcome.output);
        tx.effect(collectPayment, { key, input: { number: input.number, paymentId: outcome.output.id, amount: input.amount } });
      } else if (closePayment(payment, history, 'failed', tx.now)) {
        announce(conversation, { outcome: 'failed', number: input.number, amount: input.amount, at: tx.now }, payment);
      }
    },
  });

  return { openPayment, collectPayment };
}

function opened({ id, url }: ProviderPayment): z.infer<typeof OpenOutput> {
  return { id, url };
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
}

function endOf(error: string): 'declined' | 'cancelled' | 'expired' | 'failed' {
  return error === 'declined' || error === 'cancelled' || error === 'expired' ? error : 'failed';
}
