import type { Menu } from '../menu/index.ts';
import { formatAmount } from '../orders/format-amount.ts';
import { tipCall } from '../tools/tip-call.ts';
import { detectWishes, type UnderstandingConfig, type Wish } from '../understanding/index.ts';

/** What the house model makes of a wish: a tool to call, or something to say. */
export type WishAnswer = { readonly tool: string; readonly input: Readonly<Record<string, unknown>> } | { readonly say: string };

export function answerWishes(text: string, menu: Menu, config?: UnderstandingConfig): WishAnswer[] {
  return detectWishes(text, menu, config).map((wish) => answerWish(wish, menu));
}

function answerWish(wish: Wish, menu: Menu): WishAnswer {
  switch (wish.kind) {
    case 'show_menu':
      return { tool: 'get_menu', input: {} };
    case 'show_balance':
      return { tool: 'get_balance', input: {} };
    case 'show_tip':
      return { tool: 'get_tip', input: {} };
    case 'place_order':
      return { tool: 'place_order', input: {} };
    case 'confirm_order':
      return { tool: 'confirm_order', input: {} };
    case 'clear_order':
      return { tool: 'clear_order', input: {} };
    case 'check_payment':
      return { tool: 'check_payment_status', input: {} };
    case 'recommend':
      return { tool: 'get_recommendation', input: { preference: wish.preference ?? wish.said } };
    case 'set_tip':
    case 'add_tip':
      return toolAnswer(...tipCall(wish));
    case 'unclear_tip':
      return { say: 'That is kind! Shall it be 10, 15 or 20 percent, or an amount?' };
    case 'show_price':
      return { say: pricesOf(wish.items, menu) };
  }
}

function toolAnswer(tool: string, input: Readonly<Record<string, unknown>>): WishAnswer {
  return { tool, input };
}

function pricesOf(names: readonly string[], menu: Menu): string {
  const items = menu.items.filter(({ name }) => names.includes(name));
  if (items.length === 0) return 'I do not have a price for that; it is not on our menu.';
  return `${items.map(({ name, price }) => `${name} is ${formatAmount(price.amount)}`).join(', ')}.`;
}
