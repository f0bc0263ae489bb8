import { fc, test } from '@fast-check/vitest';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { expect } from 'vitest';
import { z } from 'zod';
import { testStore } from '../support/test-store.ts';

/*
 * Property: a state whose lists are checked item by item takes exactly the changes that one whose schema checks all of it takes, whatever is done
 * to the lists (splice, sort, reverse, delete, move, replace), and holds the same afterwards.
 */

interface Line {
  price: number;
}
interface Orders {
  items: Line[];
  orders: Record<string, { lines: Line[] }>;
}

const LineSchema = z.strictObject({ price: z.int().min(0) });
const common = { scope: 'conversation', initial: { items: [], orders: {} } } as const;
const lists = (lines: z.ZodType<Line[]>) => z.strictObject({ items: lines, orders: z.record(z.string(), z.strictObject({ lines })) });
const Full = defineState({ ...common, initial: { items: [], orders: {} }, name: 'full', schema: lists(z.array(LineSchema)) });
const Each = defineState({
  ...common,
  initial: { items: [], orders: {} },
  name: 'each',
  schema: lists(z.array(z.custom<Line>())),
  each: { items: LineSchema, 'orders.*.lines': LineSchema },
});

const order = fc.constantFrom('a', 'b', 'c');
const step = fc.record({
  /** Of `items`, or of an order. */
  list: fc.option(order, { nil: undefined }),
  action: fc.constantFrom(
    'push',
    'splice',
    'sort',
    'reverse',
    'delete',
    'move',
    'copy',
    'assign',
    'change',
    'truncate',
    'replace',
    'remove order',
    'swap orders',
  ),
  at: fc.nat(7),
  to: order,
  /** Below 0 does not fit. */
  price: fc.integer({ min: -1, max: 9 }),
  isOdd: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(draft: Orders, { list: name, action, at, to, price, isOdd }: Step): void {
  const line = (isOdd && price % 3 === 0 ? { price, odd: 1 } : { price }) as Line;
  const list = name === undefined ? draft.items : (draft.orders[name] ??= { lines: [] }).lines;
  const other = (draft.orders[to] ??= { lines: [] }).lines;
  const item = list[at % Math.max(list.length, 1)];
  if (action === 'push') list.push(line);
  else if (action === 'splice') list.splice(at, 2, line, { price: at });
  else if (action === 'sort') list.sort((a, b) => a.price - b.price);
  else if (action === 'reverse') list.reverse();
  else if (action === 'delete') list.splice(at, 1);
  else if (action === 'move') other.push(...list.splice(at, 2));
  else if (action === 'copy' && item) other.unshift({ ...item });
  else if (action === 'assign' && at < list.length) list[at] = line;
  else if (action === 'change' && item) item.price = price;
  else if (action === 'truncate') list.length = Math.min(at, list.length);
  else if (action === 'replace') draft.orders[to] = { lines: [line, line] };
  else if (action === 'remove order') delete draft.orders[to];
  else if (action === 'swap orders') [draft.orders['a'], draft.orders[to]] = [{ lines: other }, { lines: [...list] }];
}

/** Whether the change fits. */
async function isAccepted(update: Promise<unknown>): Promise<boolean> {
  try {
    await update;
    return true;
  } catch (error) {
    if (isHoldfastError(error, 'VALIDATION_FAILED')) return false;
    throw error;
  }
}

const recipe = fc.array(step, { minLength: 1, maxLength: 4 });

test.prop([fc.array(recipe, { minLength: 1, maxLength: 12 })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 300) })(
  'item by item takes what the full check takes',
  async (recipes) => {
    await using state = await StateManager.open({ store: testStore() });
    const [full, each] = [await state.conversation('a').get(Full), await state.conversation('a').get(Each)];
    for (const steps of recipes) {
      const run = (draft: Orders): void => {
        for (const one of steps) apply(draft, one);
      };
      const [isTaken, isExpected] = await Promise.all([isAccepted(each.update(run)), isAccepted(full.update(run))]);
      expect(isTaken).toBe(isExpected);
      expect(each.current).toEqual(full.current);
    }
  },
);
