import { defineState } from 'holdfast';
import { z } from 'zod';
import { fillMissing } from './missing-fields.ts';
import { Amount } from './order-item.ts';
import { tipOf } from '../payments/tip-rules.ts';

/** What a guest's purse holds when they come in: 1000.00. */
const OPENING_BALANCE = 100_000;
export const CURRENCY = 'USD';

export const PaymentNumber: z.ZodInt = z.int().min(1);
export const TipPercentageSchema = z.union([z.literal(10), z.literal(15), z.literal(20)]).nullable();

const PaymentSchema = z.strictObject({
  currency: z.literal(CURRENCY),
  balance: Amount,
  tabTotal: Amount,
  tipPercentage: TipPercentageSchema,
  tipAmount: Amount,
  paidTotal: Amount,
  toppedUp: Amount,
  /** Counts the session's payments; a second try after a payment was closed is another payment. */
  number: PaymentNumber,
  status: z.enum(['pending', 'processing', 'completed']),
  /** What the payment under way is for; null while none is. It stays as it is, whatever is ordered meanwhile. */
  charge: z.strictObject({ tab: Amount.min(1), tip: Amount }).nullable(),
  /** The provider's key of the payment under way: repeats of the same payment carry the same one. */
  idempotencyKey: z.string().min(1).nullable(),
  paymentId: z.string().min(1).nullable(),
  /** Where the guest confirms it. */
  link: z.string().min(1).nullable(),
  /** Nobody knows whether the provider has the payment; it is being asked. */
  needsReconciliation: z.boolean(),
});

export type Payment = z.infer<typeof PaymentSchema>;
export type TipPercentage = Payment['tipPercentage'];

const initial: Payment = {
  currency: CURRENCY,
  balance: OPENING_BALANCE,
  tabTotal: 0,
  tipPercentage: null,
  tipAmount: 0,
  paidTotal: 0,
  toppedUp: 0,
  number: 1,
  status: 'pending',
  charge: null,
  idempotencyKey: null,
  paymentId: null,
  link: null,
  needsReconciliation: false,
};

/** Balance, tab, tip and the payment of the tab. All amounts are minor units of `currency`. */
export const paymentState = defineState({
  name: 'payment',
  scope: 'conversation',
  version: 2,
  schema: PaymentSchema,
  initial,
  migrations: { 2: fillMissing(initial) },
  invariants: {
    conserved: ({ balance, tabTotal, paidTotal, toppedUp }) =>
      balance + tabTotal + paidTotal - toppedUp === OPENING_BALANCE ||
      `balance ${balance} + tab ${tabTotal} + paid ${paidTotal} − topped up ${toppedUp} is not ${OPENING_BALANCE}`,
    onlyForward: (now, was) =>
      mayFollow(now, was) || `payment ${was.number} ${was.status} cannot become payment ${now.number} ${now.status}`,
    completedIsSettled: (now) =>
      now.status !== 'completed' ||
      (now.tabTotal === 0 && now.tipAmount === 0 && !now.needsReconciliation) ||
      'a completed payment has something left to settle',
    chargeIsWhole: ({ status, charge, idempotencyKey, paymentId, link, tabTotal }) => {
      if (charge === null)
        return (
          (status !== 'processing' && idempotencyKey === null && paymentId === null && link === null) ||
          'there is no charge that this belongs to'
        );
      if (status === 'completed' || idempotencyKey === null || charge.tab > tabTotal) return 'the charge does not belong to this tab';
      return (
        (status === 'processing') === (paymentId !== null && link !== null) ||
        'a payment is processing when the provider has it, and only then'
      );
    },
    tipFollowsTab: (now) => {
      if (now.charge) return now.tipAmount === now.charge.tip || 'the tip of a charge changed';
      return (
        now.tipPercentage === null ||
        now.tipAmount === tipOf(now.tabTotal, now.tipPercentage) ||
        `the tip is not ${now.tipPercentage} % of the tab`
      );
    },
  },
});

/** Within a payment the status moves forward only; the next payment starts as pending. */
function mayFollow(now: Payment, was: Payment): boolean {
  if (now.number === was.number + 1) return now.status === 'pending';
  if (now.number !== was.number) return false;
  return now.status === was.status || was.status === 'pending' || (was.status === 'processing' && now.status === 'completed');
}
