import { defineState } from 'holdfast';
import { z } from 'zod';
import { fillMissing } from './missing-fields.ts';
import { Amount, OrderItemSchema, sumOf } from './order-item.ts';
import { PaymentNumber, TipPercentageSchema } from './payment.ts';

/** `open`: on the tab; `charging`: in the payment that is under way; `paid`. */
const SETTLEMENTS = ['open', 'charging', 'paid'] as const;

const HistoryItemSchema = z.strictObject({ item: OrderItemSchema, settlement: z.enum(SETTLEMENTS) });

/** A payment that came to its end. */
const ClosedPaymentSchema = z.strictObject({
  number: PaymentNumber,
  paymentId: z.string().nullable(),
  outcome: z.enum(['paid', 'declined', 'cancelled', 'expired', 'failed']),
  tab: Amount,
  tip: Amount,
  tipPercentage: TipPercentageSchema,
  at: z.int().min(0),
});

type HistoryItem = z.infer<typeof HistoryItemSchema>;

const OrderHistorySchema = z.strictObject({
  // Looked at one by one, when they come or change.
  items: z.custom<HistoryItem[]>(Array.isArray),
  totalCost: Amount,
  payments: z.array(ClosedPaymentSchema),
});

export type ClosedPayment = z.infer<typeof ClosedPaymentSchema>;
export type OrderHistory = z.infer<typeof OrderHistorySchema>;
export type Settlement = (typeof SETTLEMENTS)[number];

const initial: OrderHistory = { items: [], totalCost: 0, payments: [] };

/** Everything that was ordered in the session, and the payments that were closed. */
export const orderHistoryState = defineState({
  name: 'orderHistory',
  scope: 'conversation',
  version: 2,
  schema: OrderHistorySchema,
  initial,
  migrations: { 2: fillMissing(initial) },
  each: { items: HistoryItemSchema },
  invariants: {
    totalIsSum: (now) => now.totalCost === costOf(now) || `total cost ${now.totalCost} is not the sum of the items, ${costOf(now)}`,
    paymentsStay: (now, was) =>
      was.payments.every(({ number }, index) => now.payments[index]?.number === number) || 'a closed payment was taken out',
  },
});

/** The sum of the items; with `settlements`, of those items only. */
export function costOf(history: OrderHistory, ...settlements: Settlement[]): number {
  const counted = settlements.length === 0 ? history.items : history.items.filter(({ settlement }) => settlements.includes(settlement));
  return sumOf(counted.map(({ item }) => item));
}
