import { formatAmount } from './format-amount.ts';
import { findItem, findModifier, type Menu } from '../menu/index.ts';
import { Refusal } from '../refusal.ts';
import { MAX_QUANTITY } from '../state/index.ts';

/** A drink as somebody asks for it. */
export interface WishedLine {
  readonly item: string;
  readonly quantity: number;
  readonly modifiers: readonly string[];
}

/** A drink as the bar sells it; the price is in minor units. */
export interface OrderLine {
  readonly name: string;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly modifiers: readonly string[];
}

/** Looks a wish up on the menu. @throws {Refusal} INVALID_QUANTITY, ITEM_NOT_FOUND. */
export function priceLine(menu: Menu, { item, quantity, modifiers }: WishedLine): OrderLine {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw new Refusal('INVALID_QUANTITY', `I can pour 1 to ${MAX_QUANTITY} of a drink at a time. How many would you like?`);
  }
  const found = findItem(menu, item);
  if (!found) throw new Refusal('ITEM_NOT_FOUND', `We have no "${shortened(item)}" on the menu. Shall I show you what we have?`);
  const known = modifiers.map((name) => {
    const modifier = findModifier(menu, name);
    if (modifier?.appliesTo.includes(found.kind)) return modifier.name;
    throw new Refusal('ITEM_NOT_FOUND', `I cannot make a ${found.name} "${shortened(name)}". ${whatCanBeDone(menu, found.name)}`);
  });
  return { name: found.name, unitPrice: found.price.amount, quantity, modifiers: [...new Set(known)] };
}

/** Lists the modifiers that a drink can be ordered with; all of them for a name that is no item's. */
export function whatCanBeDone(menu: Menu, item: string): string {
  const kind = findItem(menu, item)?.kind;
  const fitting = menu.modifiers.filter(({ appliesTo }) => kind === undefined || appliesTo.includes(kind));
  return `What I can do is: ${fitting.map(({ name }) => name).join(', ')}.`;
}

export function priceOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
}

/** "2 × Martini (dry)". */
export function describeLine({ name, quantity, modifiers }: Omit<OrderLine, 'unitPrice'>): string {
  return `${quantity} × ${name}${modifiers.length > 0 ? ` (${modifiers.join(', ')})` : ''}`;
}

/** What of an order a balance covers, taken in its order: "1 × Martini"; undefined when not even one drink. */
export function whatFits(lines: readonly OrderLine[], balance: number): string | undefined {
  let left = balance;
  const fitting: string[] = [];
  for (const line of lines) {
    const quantity = Math.min(line.quantity, line.unitPrice === 0 ? line.quantity : Math.floor(left / line.unitPrice));
    left -= quantity * line.unitPrice;
    if (quantity > 0) fitting.push(`${describeLine({ ...line, quantity })} for ${formatAmount(quantity * line.unitPrice)}`);
  }
  return fitting.length > 0 ? fitting.join(' and ') : undefined;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
