import {
  defineEffect,
  EffectFailure,
  type DraftsOf,
  type EffectDefinition,
  type EffectOutcome,
  type Reconciliation,
  type Transaction,
} from 'holdfast';
import { z } from 'zod';
import { conversationState, orderHistoryState, paymentState } from '../state/index.ts';
import { closePayment, completePayment } from './payment-changes.ts';
import { announce, type PaymentNews } from './payment-news.ts';
import { PROVIDER_NAMES, type PaymentProvider } from './payment-provider.ts';
import type { PaymentTimes } from './payment-times.ts';

const CollectInput = z.strictObject({
  provider: z.enum(PROVIDER_NAMES),
  number: z.int(),
  paymentId: z.string(),
  amount: z.int().min(1),
  currency: z.string(),
});
const CollectOutput = z.strictObject({ paymentId: z.string() });

type Input = z.infer<typeof CollectInput>;
type Output = z.infer<typeof CollectOutput>;
export type CollectEffect = EffectDefinition<Input, Output>;

const STATES = [paymentState, orderHistoryState, conversationState] as const;

/** How an effect that failed says that the provider has no such payment. */
const MISSING = 'missing';

/**
 * Asking what became of a payment that the guest was given the link of. `collectPayment` does so until there is an answer. When the provider
 * knows no such payment, nobody knows whether it was paid: the state says so, and `tracePayment` goes on asking.
 */
export function collectEffects(
  provider: PaymentProvider,
  { callTimeoutMs }: PaymentTimes,
): { readonly collectPayment: CollectEffect; readonly tracePayment: CollectEffect } {
  const ask = async (input: Input, signal: AbortSignal): Promise<Reconciliation<Output>> => {
    const { paymentId, amount, currency } = input;
    if (input.provider !== provider.name) return { status: 'unknown', error: `${input.provider} is not the bar's payment provider now.` };
    const found = await provider.get(paymentId, AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]));
    if (!found) return { status: 'failed', error: MISSING };
    if (found.amount !== amount || found.currency !== currency) return { status: 'unknown', error: 'The provider has another amount.' };
    if (found.status === 'open') return { status: 'unknown', error: 'The guest has not answered yet.' };
    return found.status === 'paid' ? { status: 'done', output: { paymentId } } : { status: 'failed', error: found.status };
  };
  const effect = (
    name: string,
    reconcile: typeof ask,
    settle: (
      drafts: DraftsOf<typeof STATES>,
      outcome: EffectOutcome<Output>,
      tx: Transaction,
      effect: { key: string; input: Input },
    ) => void,
  ): CollectEffect =>
    defineEffect({
      name,
      input: CollectInput,
      output: CollectOutput,
      states: STATES,
      // The pace after the first half minute, in which the bar asks more often by itself.
      retry: { firstMs: 2_000, maxMs: 60_000 },
      run: async (input, { signal }) => {
        const answer = await reconcile(input, signal);
        if (answer.status === 'done') return answer.output;
        throw answer.status === 'failed' ? new EffectFailure(answer.error) : new Error(answer.status === 'unknown' ? answer.error : '');
      },
      reconcile: (input, { signal }) => reconcile(input, signal),
      settle: (drafts, outcome, tx, { key, input }) => {
        if (outcome.status !== 'unknown' && drafts[0].paymentId === input.paymentId) settle(drafts, outcome, tx, { key, input });
      },
    });

  const tracePayment = effect(
    'tracePayment',
    async (input, signal) => {
      const answer = await ask(input, signal);
      return answer.status === 'failed' && answer.error === MISSING ? { status: 'unknown', error: MISSING } : answer;
    },
    (drafts, outcome, tx, { input }) => settlePayment(drafts, outcome, tx, input),
  );
  const collectPayment = effect('collectPayment', ask, (drafts, outcome, tx, { key, input }) => {
    if (outcome.status === 'failed' && outcome.error === MISSING) {
      drafts[0].needsReconciliation = true;
      tx.effect(tracePayment, { key, input });
    } else settlePayment(drafts, outcome, tx, input);
  });
  return { collectPayment, tracePayment };
}

function settlePayment(
  [payment, history, conversation]: DraftsOf<typeof STATES>,
  outcome: EffectOutcome<Output>,
  tx: Transaction,
  { paymentId, number, amount }: Input,
): void {
  if (outcome.status === 'unknown') return;
  const settled = outcome.status === 'done' ? 'paid' : endOf(outcome.error);
  const news: PaymentNews = { outcome: settled, number, amount, at: tx.now };
  const isNews =
    settled === 'paid' ? completePayment(payment, history, paymentId, tx.now) : closePayment(payment, history, settled, tx.now);
  if (isNews) announce(conversation, news, payment);
}

function endOf(error: string): 'declined' | 'cancelled' | 'expired' | 'failed' {
  return error === 'declined' || error === 'cancelled' || error === 'expired' ? error : 'failed';
}
