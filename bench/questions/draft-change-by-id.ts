import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

const orders = Array.from({ length: 1_000 }, (_, index) => ({ id: `order-${index}`, quantity: 1, paid: false }));

/** Finding one of many costs as much as changing it. */
export const question: BenchQuestion = draftQuestion({
  title: 'change 1 of 1,000 orders by id',
  base: { orders },
  recipe: (draft, turn) => {
    const order = draft.orders.find(({ id }) => id === 'order-700');
    if (order) order.quantity = turn + 2;
  },
  byHand: (base, turn) => ({
    ...base,
    orders: base.orders.map((order) => (order.id === 'order-700' ? { ...order, quantity: turn + 2 } : order)),
  }),
  atMostByHand: 2,
});
