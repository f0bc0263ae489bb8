import { z } from 'zod';

/** At most this many of one drink in one line of an order. */
export const MAX_QUANTITY = 20;

/** An amount in minor units of the bar's currency. */
export const Amount: z.ZodInt = z.int().min(0);

/** A line of an order, as it was priced when it was ordered. */
export const OrderItemSchema = z
  .strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    unitPrice: Amount,
    quantity: z.int().min(1).max(MAX_QUANTITY),
    modifiers: z.array(z.string().min(1)),
    lineTotal: Amount,
    /** The turn that it was ordered in; 0 outside of a turn. */
    turn: z.int().min(0),
  })
  .refine((item) => item.lineTotal === item.unitPrice * item.quantity, { path: ['lineTotal'], error: 'must be unit price times quantity' });

export type OrderItem = z.infer<typeof OrderItemSchema>;

export function sumOf(items: readonly { readonly lineTotal: number }[]): number {
  return items.reduce((sum, { lineTotal }) => sum + lineTotal, 0);
}
