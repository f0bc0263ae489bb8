import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineState, type ItemAt, type StateDefinition } from 'holdfast';

interface Line {
  name: string;
  price: number;
}
interface Orders {
  readonly items: readonly Line[];
  readonly orders: Readonly<Record<string, { readonly lines?: readonly Line[] }>>;
  readonly note: string;
}
const schema = z.custom<Orders>();
const initial: Orders = { items: [], orders: {}, note: '' };
const options = { name: 'orders', scope: 'team', schema, initial } as const;
const LineSchema = z.strictObject({ name: z.string(), price: z.int() });

describe('the type of the items at a path', () => {
  it('is that of the list or record there', () => {
    expectTypeOf<ItemAt<Orders, 'items'>>().toEqualTypeOf<Line>();
    expectTypeOf<ItemAt<Orders, 'orders'>>().toEqualTypeOf<{ readonly lines?: readonly Line[] }>();
    expectTypeOf<ItemAt<Orders, 'orders.*.lines'>>().toEqualTypeOf<Line>();
    expectTypeOf<ItemAt<{ list: unknown[] }, 'list'>>().toEqualTypeOf<unknown>();
    expectTypeOf<ItemAt<Orders, 'note'>>().toEqualTypeOf<never>();
    expectTypeOf<ItemAt<Orders, 'item'>>().toEqualTypeOf<never>();
  });
});

describe('each', () => {
  it('takes schemas of the items', () => {
    const definition = defineState({ ...options, each: { items: LineSchema, 'orders.*.lines': LineSchema } });
    expectTypeOf(definition).toEqualTypeOf<StateDefinition<Orders, 'team', 'orders'>>();
    // A definition can be made of another one.
    defineState({ ...definition, version: 2, migrations: { 2: (old: Orders) => old } });
  });

  it('takes no schema of something else, and no path that leads nowhere', () => {
    // @ts-expect-error The items are lines.
    defineState({ ...options, each: { items: z.string() } });
    // @ts-expect-error There are no such items.
    defineState({ ...options, each: { 'orders.*.line': LineSchema } });
    // @ts-expect-error A note has no items.
    defineState({ ...options, each: { note: z.string() } });
  });
});
