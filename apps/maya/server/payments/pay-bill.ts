import { createHash } from 'node:crypto';
import type { Bar } from '../bar.ts';
import { Refusal } from '../refusal.ts';
import type { Session } from '../session/session.ts';
import { formatAmount } from '../orders/format-amount.ts';
import type { Payment } from '../state/index.ts';
import type { ToolCall } from '../tools/tool-call.ts';
import { startCharge } from './payment-changes.ts';

/** How long cancelling waits for the provider. */
const CANCEL_TIMEOUT_MS = 5_000;

/** A payment that the guest can confirm. Amounts in minor units. */
export interface PayableBill {
  readonly link: string;
  readonly charge: { readonly tab: number; readonly tip: number };
}

/**
 * Starts the payment of the tab, or finds the one that is under way: however often it is called there is one payment.
 * @throws {Refusal} PAYMENT_FAILED for an empty tab; PAYMENT_TIMEOUT while nobody knows whether the provider has the payment;
 * STRIPE_UNAVAILABLE when no link can be made.
 */
export async function payBill(bar: Bar, call: ToolCall): Promise<PayableBill> {
  const { session } = call;
  const { value: number } = await call.commit((drafts, tx) => {
    const { payment, orderHistory } = drafts;
    if (payment.tabTotal === 0) throw new Refusal('PAYMENT_FAILED', 'There is nothing on your tab to pay.');
    if (payment.charge) return payment.number;
    const key = paymentKey(session.id, payment.number);
    const { tab, tip } = startCharge(payment, orderHistory, key);
    tx.effect(bar.effects.openPayment, {
      key,
      input: { number: payment.number, amount: tab + tip, currency: payment.currency, description: describe(bar.menu.bar.name, tab, tip) },
    });
    call.log(drafts, `payment of ${formatAmount(tab + tip)} started`);
    return payment.number;
  });
  const isOpened = (now: Payment): boolean => now.status !== 'pending' || now.number !== number;
  const payment = await whenPayment(session, isOpened, bar.linkWaitMs);
  if (payment.number === number && payment.status === 'processing' && payment.link && payment.charge)
    return { link: payment.link, charge: payment.charge };
  const closed = session.orderHistory.current.payments.find((each) => each.number === number);
  if (closed?.outcome === 'paid')
    throw new Refusal('PAYMENT_FAILED', 'That payment has just been settled; there is nothing left of it to pay.');
  if (closed)
    throw new Refusal(
      'STRIPE_UNAVAILABLE',
      'I cannot get a payment link right now. Your tab stays open and nothing was charged; please try again in a moment.',
    );
  throw new Refusal(
    'PAYMENT_TIMEOUT',
    'The payment service is taking its time. Nothing can be charged twice: I keep asking, and the link shows here as soon as I have it.',
  );
}

/** Asks the provider now what became of the payment under way. */
export async function checkPayment(bar: Bar, session: Session): Promise<Payment> {
  if (session.payment.current.charge) await bar.state.reconcile();
  return session.payment.current;
}

/**
 * Cancels the payment under way at the provider; if it was paid meanwhile, that stands.
 * @throws {Refusal} PAYMENT_FAILED when none is under way; PAYMENT_TIMEOUT while it is unknown; NETWORK_ERROR when the provider does not answer.
 */
export async function cancelPayment(bar: Bar, session: Session): Promise<void> {
  const { charge, paymentId } = session.payment.current;
  if (!charge) throw new Refusal('PAYMENT_FAILED', 'There is no payment to cancel.');
  if (paymentId === null)
    throw new Refusal(
      'PAYMENT_TIMEOUT',
      'I am still finding out whether the payment service has this payment. Please try again in a moment.',
    );
  try {
    await bar.provider.cancel(paymentId, AbortSignal.timeout(CANCEL_TIMEOUT_MS));
  } catch (cause) {
    throw Object.assign(
      new Refusal('NETWORK_ERROR', 'The payment service did not answer, so the payment may still be open. Please try again in a moment.'),
      { cause },
    );
  }
  await bar.state.reconcile();
}

/** The session's id is a credential and goes nowhere; its hash names it to the provider. */
function paymentKey(sessionId: string, number: number): string {
  return `${createHash('sha256').update(sessionId).digest('base64url').slice(0, 22)}-${number}`;
}

function describe(barName: string, tab: number, tip: number): string {
  const forTab = `Your tab at ${barName}: ${formatAmount(tab)}`;
  return tip > 0 ? `${forTab} and a tip of ${formatAmount(tip)}` : forTab;
}

/** The payment once it is as wished, or as it is when the time is over. */
async function whenPayment({ payment }: Session, isWished: (now: Payment) => boolean, waitMs: number): Promise<Payment> {
  if (isWished(payment.current)) return payment.current;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  const unsubscribe = payment.subscribe(isWished, (is) => is && resolve());
  if (isWished(payment.current)) resolve();
  await promise;
  clearTimeout(timer);
  unsubscribe();
  return payment.current;
}
