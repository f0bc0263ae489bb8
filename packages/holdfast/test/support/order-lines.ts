import { defineState, type StateDefinition } from 'holdfast';
import { z } from 'zod';

/** A state of long lists that are checked item by item. */

export interface Line {
  name: string;
  price: number;
}
export interface Orders {
  items: Line[];
  orders: Record<string, { lines: Line[] }>;
}

/** Says how many lines it has looked at. */
export function countingLines(): { definition: StateDefinition<Orders, 'conversation', 'orders'>; checked: () => number } {
  let count = 0;
  const Line = z.strictObject({ name: z.string(), price: z.int().positive() }).refine(() => (count += 1) > 0);
  const lines = z.custom<Line[]>(Array.isArray);
  const definition = defineState({
    name: 'orders',
    scope: 'conversation',
    schema: z.strictObject({ items: lines, orders: z.record(z.string(), z.strictObject({ lines })) }),
    initial: { items: [], orders: {} },
    each: { items: Line, 'orders.*.lines': Line },
  });
  const checked = (): number => {
    const before = count;
    count = 0;
    return before;
  };
  return { definition, checked };
}
export const line = (name: string, price = 5): Line => ({ name, price });
export const hundred = (): Line[] => Array.from({ length: 100 }, (_, index) => line(`item ${index}`));
