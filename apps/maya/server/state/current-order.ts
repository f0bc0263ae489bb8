import { defineState } from 'holdfast';
import { z } from 'zod';
import { fillMissing } from './missing-fields.ts';
import { OrderItemSchema } from './order-item.ts';

const CurrentOrderSchema = z.strictObject({
  items: z.array(OrderItemSchema),
  /** It was sent to be made, and nothing was added since. */
  finished: z.boolean(),
});

export type CurrentOrder = z.infer<typeof CurrentOrderSchema>;

const initial: CurrentOrder = { items: [], finished: false };

/** What is on the counter: ordered and charged, and not yet sent to be made. */
export const currentOrderState = defineState({
  name: 'currentOrder',
  scope: 'conversation',
  version: 2,
  schema: CurrentOrderSchema,
  initial,
  migrations: { 2: fillMissing(initial) },
  invariants: {
    finishedIsEmpty: (now) => !now.finished || now.items.length === 0 || 'an order that was sent has nothing left on the counter',
  },
});
