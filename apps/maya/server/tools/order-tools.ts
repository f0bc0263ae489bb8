import { z } from 'zod';
import { formatAmount } from '../orders/format-amount.ts';
import { clearOrder, placeOrder } from '../orders/order-changes.ts';
import { describeLine, priceLine } from '../orders/order-line.ts';
import { orderDrinks } from '../orders/order-drinks.ts';
import { sumOf } from '../state/index.ts';
import { defineTool } from './bar-tool.ts';

const NoInput = z.object({});

export const addToOrder = defineTool({
  name: 'add_to_order',
  title: 'Order a drink',
  description: 'Orders a drink of the menu: it is charged to the guest’s tab at once. Call it only for what the guest has asked for.',
  hints: { spends: true },
  input: z.object({ item_name: z.string(), modifiers: z.array(z.string()).max(10).default([]), quantity: z.number().default(1) }),
  invalidInput: 'ITEM_NOT_FOUND',
  run: async ({ item_name: item, modifiers, quantity }, { menu }, call) => {
    const [line] = await orderDrinks(call, [priceLine(menu, { item, modifiers, quantity })]);
    return line;
  },
});

export const getOrder = defineTool({
  name: 'get_order',
  title: 'Order on the counter',
  description: 'Reads what is on the counter now, and what the session came to.',
  hints: { readOnly: true },
  input: NoInput,
  invalidInput: 'ITEM_NOT_FOUND',
  run: async (_input, _bar, { session }) => {
    const { items, finished } = session.currentOrder.current;
    const { totalCost, items: all } = session.orderHistory.current;
    const lines = items.map((item) => ({ item: describeLine(item), price: formatAmount(item.lineTotal) }));
    const result = {
      items: lines,
      total: formatAmount(sumOf(items)),
      isFinished: finished,
      orderedInAll: all.length,
      sessionTotal: formatAmount(totalCost),
    };
    return { result, summary: items.length === 0 ? 'nothing on the counter' : items.map(describeLine).join(', ') };
  },
});

export const confirmOrder = defineTool({
  name: 'confirm_order',
  title: 'Read the order back',
  description: 'Reads the order on the counter back to the guest. Changes nothing.',
  hints: { readOnly: true },
  input: NoInput,
  invalidInput: 'ITEM_NOT_FOUND',
  run: async (_input, _bar, { session }) => {
    const { items } = session.currentOrder.current;
    return {
      result: { items: items.map(describeLine), total: formatAmount(sumOf(items)) },
      summary: items.length === 0 ? 'nothing on the counter' : items.map(describeLine).join(', '),
    };
  },
});

export const placeOrderTool = defineTool({
  name: 'place_order',
  title: 'Have the order made',
  description: 'Sends what is on the counter to be made, when the guest has ordered all they want for now.',
  hints: { spends: true },
  input: NoInput,
  invalidInput: 'ITEM_NOT_FOUND',
  run: async (_input, _bar, call) => {
    const { value } = await call.commit((drafts) => {
      const placed = placeOrder(drafts);
      const summary = `${placed.items.join(', ')}: ready in ${placed.minutes} minutes`;
      call.log(drafts, summary);
      return { ...placed, summary };
    });
    return { result: { items: value.items, minutes: value.minutes }, summary: value.summary };
  },
});

export const clearOrderTool = defineTool({
  name: 'clear_order',
  title: 'Take the order back',
  description: 'Takes everything off the counter that is neither made nor paid, and gives its price back to the guest.',
  hints: { destructive: true, idempotent: true },
  input: NoInput,
  invalidInput: 'ITEM_NOT_FOUND',
  run: async (_input, _bar, call) => {
    const { value } = await call.commit((drafts) => {
      const cleared = clearOrder(drafts);
      const summary = cleared.items === 0 ? 'nothing to take off' : `${formatAmount(cleared.refunded)} given back`;
      if (cleared.items > 0) call.log(drafts, summary);
      return { ...cleared, summary, balance: drafts.payment.balance, tab: drafts.payment.tabTotal };
    });
    const { refunded, items, kept, balance, tab, summary } = value;
    return {
      result: {
        refunded: formatAmount(refunded),
        removedItems: items,
        keptItems: kept,
        balance: formatAmount(balance),
        tab: formatAmount(tab),
      },
      summary,
    };
  },
});
