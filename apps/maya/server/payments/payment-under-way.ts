import { setTimeout as sleep } from 'node:timers/promises';
import type { Bar } from '../bar.ts';
import { formatAmount } from '../orders/format-amount.ts';
import { Refusal } from '../refusal.ts';
import type { Session } from '../session/session.ts';
import type { ProviderPayment } from './payment-provider.ts';
import type { Payment } from '../state/index.ts';

/**
 * Asks the provider now what became of the payment under way; an answer that takes too long is not waited for.
 * @throws {Refusal} PAYMENT_TIMEOUT when the guest has left the payment open for longer than it is asked about closely.
 */
export async function checkPayment(bar: Bar, session: Session): Promise<Payment> {
  // One that is being made is attempted at its own pace.
  if (session.payment.current.status !== 'processing') return session.payment.current;
  await askSoon(bar, session);
  const payment = session.payment.current;
  if (payment.status !== 'processing' || payment.needsReconciliation || !payment.charge) return payment;
  const open = (await session.entity.unsettledEffects()).find(({ name }) => name === bar.effects.collectPayment.name);
  if (!open || bar.now() - open.since < bar.times.pollForMs) return payment;
  const amount = formatAmount(payment.charge.tab + payment.charge.tip);
  throw new Refusal(
    'PAYMENT_TIMEOUT',
    `Your payment of ${amount} still waits for you to confirm it. Pay by the link on your card, or ask me again later.`,
  );
}

/**
 * Cancels the payment under way at the provider; if it was paid meanwhile, that stands.
 * @throws {Refusal} PAYMENT_FAILED when none is under way, or it cannot be cancelled; PAYMENT_TIMEOUT while it is unknown; NETWORK_ERROR when the
 * provider does not answer.
 */
export async function cancelPayment(bar: Bar, session: Session): Promise<void> {
  const { charge, paymentId, needsReconciliation } = session.payment.current;
  if (!charge) throw new Refusal('PAYMENT_FAILED', 'There is no payment to cancel.');
  if (paymentId === null || needsReconciliation)
    throw new Refusal(
      'PAYMENT_TIMEOUT',
      'I am still finding out whether the payment service has this payment. Please try again in a moment.',
      { needsReconciliation },
    );
  let left: ProviderPayment | undefined;
  try {
    left = await bar.provider.cancel(paymentId, AbortSignal.timeout(bar.times.callTimeoutMs));
  } catch (cause) {
    throw Object.assign(
      new Refusal('NETWORK_ERROR', 'The payment service did not answer, so the payment may still be open. Please try again in a moment.'),
      { cause },
    );
  }
  await askSoon(bar, session);
  if (!left)
    throw new Refusal('PAYMENT_TIMEOUT', 'The payment service that I can ask does not know this payment, so it stays as it is for now.', {
      needsReconciliation: true,
    });
  if (left.status === 'open')
    throw new Refusal('PAYMENT_FAILED', 'The payment service does not cancel payments. Unless you confirm it, nothing is charged.');
}

/** A turn must not wait longer than one call to the provider may take. */
async function askSoon(bar: Bar, session: Session): Promise<void> {
  const ended = new AbortController();
  const late = sleep(bar.times.callTimeoutMs, undefined, { signal: ended.signal }).catch(() => undefined);
  try {
    await Promise.race([session.entity.reconcile(), late]);
  } finally {
    ended.abort();
  }
}
