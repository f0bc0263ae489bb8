import { isHoldfastError, type CommitOptions } from 'holdfast';
import { putOnTab, takeOffTab } from '../payments/payment-changes.ts';
import { Refusal } from '../refusal.ts';
import type { Session, SessionDrafts } from '../session/session.ts';
import { costOf, sumOf, type OrderItem } from '../state/index.ts';
import { formatAmount } from './format-amount.ts';
import { describeLine, priceOf, whatFits, type OrderLine } from './order-line.ts';

/** Minutes that an order takes to be made. */
const PREPARATION_MINUTES = { least: 2, most: 8 };

/** Minor units. */
export interface OrderUpdate {
  readonly price: number;
  readonly balance: number;
  readonly tab: number;
}

/**
 * Orders drinks: the balance pays the tab, the counter and the history get the items, in one commit or not at all. A price that equals the
 * balance is allowed and leaves 0.
 *
 * @param alsoWrite more for the same commit
 * @throws {Refusal} CONCURRENT_MODIFICATION when `expectedVersion` is not the payment's version any more; INSUFFICIENT_FUNDS.
 */
export async function atomicOrderUpdate(
  session: Session,
  lines: readonly OrderLine[],
  options: CommitOptions & { readonly idPrefix: string; readonly alsoWrite?: (drafts: SessionDrafts) => void },
): Promise<OrderUpdate> {
  const { idPrefix, alsoWrite, ...commitOptions } = options;
  try {
    const { value } = await session.change((drafts) => {
      const update = addLines(drafts, lines, idPrefix);
      alsoWrite?.(drafts);
      return update;
    }, commitOptions);
    return value;
  } catch (error) {
    if (!isHoldfastError(error, 'CONCURRENT_MODIFICATION')) throw error;
    const balance = formatAmount(session.payment.current.balance);
    throw new Refusal(
      'CONCURRENT_MODIFICATION',
      `Something else changed your tab just now, so I ordered nothing. Your balance is ${balance}. Shall I go ahead?`,
    );
  }
}

function addLines(
  { payment, orderHistory, currentOrder, conversation }: SessionDrafts,
  lines: readonly OrderLine[],
  idPrefix: string,
): OrderUpdate {
  const price = priceOf(lines);
  if (price > payment.balance) throw insufficientFunds(lines, price, payment.balance);
  const first = orderHistory.items.length;
  const items = lines.map((line, index): OrderItem => ({
    ...line,
    id: `${idPrefix}.${first + index}`,
    modifiers: [...line.modifiers],
    lineTotal: line.unitPrice * line.quantity,
    turn: conversation.openTurn ? conversation.turnCount + 1 : 0,
  }));
  putOnTab(payment, price);
  orderHistory.items.push(...items.map((item) => ({ item, settlement: 'open' as const })));
  orderHistory.totalCost += price;
  currentOrder.items.push(...structuredClone(items));
  currentOrder.finished = false;
  return { price, balance: payment.balance, tab: payment.tabTotal };
}

function insufficientFunds(lines: readonly OrderLine[], price: number, balance: number): Refusal {
  const fits = whatFits(lines, balance);
  const advice = fits ? `It would cover ${fits}.` : 'It does not cover even one of them.';
  return new Refusal(
    'INSUFFICIENT_FUNDS',
    `That comes to ${formatAmount(price)}, and your balance is ${formatAmount(balance)}, so I ordered nothing. ${advice}`,
  );
}

/** Takes what is neither sent nor paid, nor in a payment under way, off the counter and gives its price back. Minor units. */
export function clearOrder({ payment, orderHistory, currentOrder }: SessionDrafts): {
  readonly refunded: number;
  readonly items: number;
  readonly kept: number;
} {
  const open = new Set(orderHistory.items.filter(({ settlement }) => settlement === 'open').map(({ item }) => item.id));
  const cleared = currentOrder.items.filter(({ id }) => open.has(id));
  const ids = new Set(cleared.map(({ id }) => id));
  const refunded = sumOf(cleared);
  currentOrder.items = currentOrder.items.filter(({ id }) => !ids.has(id));
  orderHistory.items = orderHistory.items.filter(({ item }) => !ids.has(item.id));
  orderHistory.totalCost = costOf(orderHistory);
  if (refunded > 0) takeOffTab(payment, refunded);
  return { refunded, items: cleared.length, kept: currentOrder.items.length };
}

/** Sends what is on the counter to be made. @throws {Refusal} ITEM_NOT_FOUND when there is nothing. */
export function placeOrder({ currentOrder }: SessionDrafts): { readonly items: string[]; readonly minutes: number } {
  if (currentOrder.items.length === 0)
    throw new Refusal('ITEM_NOT_FOUND', 'There is nothing on the counter to be made. What can I get you?');
  const drinks = currentOrder.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const items = currentOrder.items.map(describeLine);
  const { least, most } = PREPARATION_MINUTES;
  currentOrder.items = [];
  currentOrder.finished = true;
  return { items, minutes: Math.min(most, least + Math.floor(drinks / 2)) };
}
