import type { ClosedPayment, OrderHistory, Payment, Settlement } from '../state/index.ts';
import { followTab } from './tip-rules.ts';

/** Moves the price of drinks from the balance to the tab; the first order after a completed payment opens the next one. */
export function putOnTab(payment: Payment, price: number): void {
  if (payment.status === 'completed') openNextPayment(payment);
  moveToTab(payment, price);
}

/** Gives the price of drinks that are neither sent nor paid back. */
export function takeOffTab(payment: Payment, price: number): void {
  moveToTab(payment, -price);
}

/** Makes what is on the tab now, with its tip, the payment under way; gives what it is for. */
export function startCharge(payment: Payment, history: OrderHistory, idempotencyKey: string): { tab: number; tip: number } {
  const charge = { tab: payment.tabTotal, tip: payment.tipAmount };
  payment.charge = charge;
  payment.idempotencyKey = idempotencyKey;
  moveItems(history, 'open', 'charging');
  return charge;
}

/** The provider has the payment, and the guest may confirm it. */
export function paymentOpened(payment: Payment, opened: { readonly id: string; readonly url: string }): void {
  payment.status = 'processing';
  payment.paymentId = opened.id;
  payment.link = opened.url;
  payment.needsReconciliation = false;
}

/**
 * The provider was paid: what the payment was for leaves the tab. Drinks that were ordered since stay on it, in the next payment and without a
 * tip. A payment that is not under way (any more) changes nothing; then it gives false.
 */
export function completePayment(payment: Payment, history: OrderHistory, paymentId: string, at: number): boolean {
  const { charge } = payment;
  if (!charge || payment.paymentId !== paymentId) return false;
  history.payments.push(closed(payment, 'paid', at));
  moveItems(history, 'charging', 'paid');
  payment.tabTotal -= charge.tab;
  payment.paidTotal += charge.tab;
  payment.tipPercentage = null;
  payment.tipAmount = 0;
  if (payment.tabTotal > 0) {
    openNextPayment(payment);
    return true;
  }
  payment.status = 'completed';
  dropCharge(payment);
  return true;
}

/** The payment came to nothing: it is closed, and a new one with the same tab and tip takes its place. */
export function closePayment(
  payment: Payment,
  history: OrderHistory,
  outcome: Exclude<ClosedPayment['outcome'], 'paid'>,
  at: number,
): boolean {
  if (!payment.charge) return false;
  history.payments.push(closed(payment, outcome, at));
  moveItems(history, 'charging', 'open');
  openNextPayment(payment);
  followTab(payment);
  return true;
}

function openNextPayment(payment: Payment): void {
  payment.number += 1;
  payment.status = 'pending';
  dropCharge(payment);
}

function dropCharge(payment: Payment): void {
  payment.charge = null;
  payment.idempotencyKey = null;
  payment.paymentId = null;
  payment.link = null;
  payment.needsReconciliation = false;
}

function moveToTab(payment: Payment, price: number): void {
  payment.balance -= price;
  payment.tabTotal += price;
  if (!payment.charge) followTab(payment);
}

function moveItems(history: OrderHistory, from: Settlement, to: Settlement): void {
  for (const entry of history.items) if (entry.settlement === from) entry.settlement = to;
}

function closed(payment: Payment, outcome: ClosedPayment['outcome'], at: number): ClosedPayment {
  const { number, paymentId, charge, tipPercentage } = payment;
  return { number, paymentId, outcome, tab: charge?.tab ?? 0, tip: charge?.tip ?? 0, tipPercentage, at };
}
