import { createHash } from 'node:crypto';
import type { Bar } from '../bar.ts';
import { Refusal } from '../refusal.ts';
import type { Session } from '../session/session.ts';
import { formatAmount } from '../orders/format-amount.ts';
import type { Payment } from '../state/index.ts';
import type { ToolCall } from '../tools/tool-call.ts';
import { startCharge } from './payment-changes.ts';

const NO_LINK = 'I cannot get a payment link right now. Your tab stays open and nothing was charged; please try again in a moment.';

/** A payment that the guest can confirm. Amounts in minor units. */
export interface PayableBill {
  readonly link: string;
  readonly charge: { readonly tab: number; readonly tip: number };
}

/**
 * Starts the payment of the tab, or finds the one that is under way: however often it is called there is one payment.
 * @throws {Refusal} PAYMENT_FAILED for an empty tab, and where no payments are taken; PAYMENT_TIMEOUT while nobody knows whether the
 * provider has the payment; STRIPE_UNAVAILABLE when no link can be made.
 */
export async function payBill(bar: Bar, call: ToolCall): Promise<PayableBill> {
  const { session } = call;
  const { provider } = bar;
  const before = session.payment.current;
  if (provider.name === 'none')
    throw new Refusal('PAYMENT_FAILED', `No payments are taken here. Your tab of ${formatAmount(before.tabTotal)} just stays open.`);
  if (before.tabTotal > 0 && !before.charge && !(await provider.isAvailable())) throw new Refusal('STRIPE_UNAVAILABLE', NO_LINK);

  const { value: number } = await call.commit((drafts, tx) => {
    const { payment, orderHistory } = drafts;
    if (payment.tabTotal === 0) throw new Refusal('PAYMENT_FAILED', 'There is nothing on your tab to pay.');
    if (payment.charge) return payment.number;
    const key = paymentKey(session.id, payment.number);
    const { tab, tip } = startCharge(payment, orderHistory, key);
    const { number: started, currency } = payment;
    const description = describe(bar.menu.bar.name, tab, tip);
    const [amount, startedAt, sessionId] = [tab + tip, tx.now, session.id];
    const input = { provider: provider.name, number: started, amount, currency, description, startedAt, sessionId };
    tx.effect(bar.effects.openPayment, { key, input });
    call.log(drafts, `payment of ${formatAmount(tab + tip)} started`);
    return payment.number;
  });
  bar.polling.start(session.entity);
  const isOpened = (now: Payment): boolean => now.status !== 'pending' || now.number !== number;
  const payment = await whenPayment(session, isOpened, bar.linkWaitMs);
  if (payment.number === number && payment.status === 'processing' && payment.link && payment.charge) {
    const { link, charge } = payment;
    return { link, charge };
  }
  const closed = session.orderHistory.current.payments.find((each) => each.number === number);
  if (closed?.outcome === 'paid')
    throw new Refusal('PAYMENT_FAILED', 'That payment has just been settled; there is nothing left of it to pay.');
  if (closed) throw new Refusal('STRIPE_UNAVAILABLE', NO_LINK);
  throw new Refusal(
    'PAYMENT_TIMEOUT',
    'The payment service is taking its time. Nothing can be charged twice: I keep asking, and the link shows here as soon as I have it.',
    { needsReconciliation: payment.needsReconciliation },
  );
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
