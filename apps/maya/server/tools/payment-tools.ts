import { parseMoney } from 'holdfast/money';
import { z } from 'zod';
import { describeLine } from '../orders/order-line.ts';
import { formatAmount } from '../orders/format-amount.ts';
import { payBill } from '../payments/pay-bill.ts';
import { checkPayment } from '../payments/payment-under-way.ts';
import { chooseTip, TIP_PERCENTAGES, tipAmount } from '../payments/tip-rules.ts';
import { Refusal } from '../refusal.ts';
import type { SessionDrafts } from '../session/session.ts';
import { CURRENCY, type Payment, type TipPercentage } from '../state/index.ts';
import { defineTool, type BarTool, type ToolResult } from './bar-tool.ts';
import type { ToolCall } from './tool-call.ts';

const NoInput = z.object({});
/** A larger tip is a slip of the tongue: 1,000.00. */
const HIGHEST_TIP = 100_000;

export const getBalance = defineTool({
  name: 'get_balance',
  title: 'Balance',
  description: 'Tells how much money the guest has left, and what is on the tab.',
  hints: { readOnly: true },
  input: NoInput,
  invalidInput: 'PAYMENT_FAILED',
  run: async (_input, _bar, { session }) => {
    const { balance, tabTotal } = session.payment.current;
    return { result: { balance: formatAmount(balance), tab: formatAmount(tabTotal) }, summary: formatAmount(balance) };
  },
});

export const getBill = defineTool({
  name: 'get_bill',
  title: 'Bill',
  description: 'Reads the bill: the items on the tab, the tip, and what there is to pay.',
  hints: { readOnly: true },
  input: NoInput,
  invalidInput: 'PAYMENT_FAILED',
  run: async (_input, _bar, { session }) => {
    const payment = session.payment.current;
    const unpaid = session.orderHistory.current.items.filter(({ settlement }) => settlement !== 'paid').map(({ item }) => item);
    const lines = unpaid.map((item) => ({ item: describeLine(item), price: formatAmount(item.lineTotal) }));
    return {
      result: { items: lines, ...amounts(payment), balance: formatAmount(payment.balance), status: payment.status },
      summary: formatAmount(payment.tabTotal + payment.tipAmount),
    };
  },
});

export const payBillTool = paymentTool(
  'pay_bill',
  'Pay the bill',
  'Starts the payment of the tab with its tip and gives the link where the guest confirms it. The bill is not paid before the guest has done so.',
);

export const createStripePayment = paymentTool(
  'create_stripe_payment',
  'Payment link',
  'Makes a payment link for the tab with its tip, or gives the one that there is: the same payment as that of pay_bill.',
);

/** However a payment is asked for, there is one. */
function paymentTool(name: string, title: string, description: string): BarTool {
  return defineTool({
    name,
    title,
    description,
    hints: { spends: true, idempotent: true, openWorld: true },
    input: NoInput,
    invalidInput: 'PAYMENT_FAILED',
    run: async (_input, bar, call) => {
      const { link, charge } = await payBill(bar, call);
      const total = formatAmount(charge.tab + charge.tip);
      const result = {
        status: 'processing',
        link,
        tab: formatAmount(charge.tab),
        tip: formatAmount(charge.tip),
        total,
        isSimulated: bar.provider.name === 'simulated',
      };
      return { result, summary: `${total} to be confirmed` };
    },
  });
}

export const checkPaymentStatus = defineTool({
  name: 'check_payment_status',
  title: 'Payment status',
  description: 'Asks the payment provider whether the guest has paid.',
  hints: { idempotent: true, openWorld: true },
  input: NoInput,
  invalidInput: 'PAYMENT_FAILED',
  run: async (_input, bar, call) => {
    const payment = await checkPayment(bar, call.session);
    const { status, link, needsReconciliation, paidTotal } = payment;
    return {
      result: { status, link, needsReconciliation, paidTotal: formatAmount(paidTotal), ...amounts(payment) },
      summary: needsReconciliation ? 'unknown' : status,
    };
  },
});

export const setTip = defineTool({
  name: 'set_tip',
  title: 'Choose the tip',
  description: 'Sets the tip to 10, 15 or 20 percent of the tab. The percentage that is set already removes it; null removes any tip.',
  hints: { spends: true },
  input: z.object({ percentage: z.number().nullable() }),
  invalidInput: 'INVALID_TIP_PERCENTAGE',
  run: async ({ percentage }, _bar, call) => {
    const chosen = knownPercentage(percentage);
    return await changeTip(call, ({ payment }) => chooseTip(payment, chosen));
  },
});

export const getTip = defineTool({
  name: 'get_tip',
  title: 'Tip',
  description: 'Tells what tip is set.',
  hints: { readOnly: true },
  input: NoInput,
  invalidInput: 'INVALID_TIP_PERCENTAGE',
  run: async (_input, _bar, { session }) => tipResult(session.payment.current),
});

export const addTip = defineTool({
  name: 'add_tip',
  title: 'Set the tip',
  description: 'Sets the tip to a percentage of the tab (10, 15 or 20), or to an amount of money such as 5 or 2.50.',
  hints: { spends: true, idempotent: true },
  input: z.object({ percentage: z.number().nullish(), amount: z.number().nullish() }),
  invalidInput: 'INVALID_TIP_PERCENTAGE',
  run: async ({ percentage, amount }, _bar, call) => {
    if (amount === undefined || amount === null) {
      const chosen = knownPercentage(percentage ?? null);
      return await changeTip(call, ({ payment }) => {
        if (payment.tipPercentage !== chosen) chooseTip(payment, chosen);
      });
    }
    const cents = centsOf(amount);
    return await changeTip(call, ({ payment }) => tipAmount(payment, cents));
  },
});

function knownPercentage(percentage: number | null): TipPercentage {
  const known = percentage === null ? null : TIP_PERCENTAGES.find((each) => each === percentage);
  if (known === undefined)
    throw new Refusal('INVALID_TIP_PERCENTAGE', `A tip can be ${TIP_PERCENTAGES.join(', ')} percent, an amount, or none.`);
  return known;
}

function centsOf(amount: number): number {
  let cents = -1;
  try {
    cents = parseMoney(String(amount), CURRENCY).amount;
  } catch {
    // No decimal amount with at most two decimals: refused below.
  }
  if (cents < 0 || cents > HIGHEST_TIP)
    throw new Refusal('INVALID_TIP_PERCENTAGE', `A tip can be up to ${formatAmount(HIGHEST_TIP)}, in whole cents.`);
  return cents;
}

async function changeTip(call: ToolCall, change: (drafts: SessionDrafts) => void): Promise<ToolResult> {
  const { value } = await call.commit((drafts) => {
    const { payment } = drafts;
    if (payment.charge)
      throw new Refusal('PAYMENT_FAILED', 'The payment is under way with the tip it has. Cancel it first if you would like another one.');
    if (payment.status === 'completed')
      throw new Refusal('PAYMENT_FAILED', 'Your tab is settled, so there is nothing to tip on. Thank you all the same!');
    change(drafts);
    const tip = tipResult(payment);
    call.log(drafts, tip.summary);
    return tip;
  });
  return value;
}

function tipResult(payment: Pick<Payment, 'tabTotal' | 'tipAmount' | 'tipPercentage'>): ToolResult {
  const { tipPercentage, tipAmount: tip } = payment;
  const share = tipPercentage === null ? '' : `${tipPercentage} %: `;
  return {
    result: { tipPercentage, ...amounts(payment) },
    summary: tip === 0 && tipPercentage === null ? 'no tip' : `${share}${formatAmount(tip)}`,
  };
}

function amounts({ tabTotal, tipAmount: tip }: Pick<Payment, 'tabTotal' | 'tipAmount'>): { tab: string; tip: string; total: string } {
  return { tab: formatAmount(tabTotal), tip: formatAmount(tip), total: formatAmount(tabTotal + tip) };
}
