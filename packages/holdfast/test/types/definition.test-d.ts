import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineInvariant, defineState, type InvariantDefinition, type StateDefinition, type ValuesOf } from 'holdfast';

const schema = z.strictObject({ count: z.int(), label: z.string().optional(), list: z.array(z.string()).readonly() });
interface Value {
  count: number;
  label?: string | undefined;
  list: readonly string[];
}
const options = { name: 'tally', scope: 'team', schema, initial: { count: 0, list: [] } } as const;
const Tally = defineState(options);
const Limit = defineState({ name: 'limit', scope: 'team', schema: z.strictObject({ most: z.int() }), initial: { most: 0 } });

describe('a definition', () => {
  it('has the type that its schema gives out, its scope and its name', () => {
    expectTypeOf(Tally).toEqualTypeOf<StateDefinition<Value, 'team', 'tally'>>();
    const byHand = {} as StandardSchemaV1<unknown, { readonly open: boolean }>;
    expectTypeOf(defineState({ name: 'bar', scope: 'global', schema: byHand, initial: { open: true } })).toEqualTypeOf<
      StateDefinition<{ readonly open: boolean }, 'global', 'bar'>
    >();
  });

  it('starts with a value of that type, which is not what its type is inferred from', () => {
    // @ts-expect-error A part is missing.
    defineState({ ...options, initial: { count: 0 } });
    // @ts-expect-error The count is a number.
    defineState({ ...options, initial: { count: '0', list: [] } });
    // @ts-expect-error There is no such field.
    defineState({ ...options, initial: { count: 0, list: [], tip: 1 } });
  });

  it('needs a name, a scope and a schema, and knows its options', () => {
    // @ts-expect-error A scope is missing.
    defineState({ name: 'tally', schema, initial: { count: 0, list: [] } });
    // @ts-expect-error A function is no Standard Schema.
    defineState({ ...options, schema: (value: unknown) => value });
    // @ts-expect-error There is no such durability.
    defineState({ ...options, durability: 'debounced' });
    // @ts-expect-error A path is a text.
    defineState({ ...options, secrets: [['key']] });
    // @ts-expect-error There is no such option.
    defineState({ name: 'tally', scope: 'team', schema, initial: { count: 0, list: [] }, versions: 2 });
  });

  it('gives its invariants values of its type', () => {
    defineState({
      ...options,
      invariants: {
        grows: (now, was) => {
          expectTypeOf(now).toEqualTypeOf<Value>();
          expectTypeOf(was).toEqualTypeOf<Value>();
          return now.count >= was.count || 'the count went down';
        },
      },
    });
    // @ts-expect-error There is no such field.
    defineState({ ...options, invariants: { positive: ({ total }) => total > 0 } });
    // @ts-expect-error A verdict is true, false or a text.
    defineState({ ...options, invariants: { positive: ({ count }) => count } });
    // @ts-expect-error An invariant answers at once.
    defineState({ ...options, invariants: { positive: async ({ count }) => count > 0 } });
  });

  it('takes migrations from whatever the older shape was', () => {
    defineState({
      ...options,
      version: 3,
      migrations: { 2: (old: { n: number }) => ({ count: old.n }), 3: (old: { count: number }) => ({ ...old, list: [] }) },
    });
    // @ts-expect-error Steps are known by the number that they lead to.
    defineState({ ...options, version: 2, migrations: { two: (old: unknown) => old } });
  });
});

describe('an invariant over several states', () => {
  it('gets the values of its states, in their order', () => {
    const within = defineInvariant('within', [Tally, Limit], ([tally, limit], was) => {
      expectTypeOf(tally).toEqualTypeOf<Value>();
      expectTypeOf(limit).toEqualTypeOf<{ most: number }>();
      expectTypeOf(was).toEqualTypeOf<readonly [Value, { most: number }]>();
      return tally.count <= limit.most;
    });
    expectTypeOf(within).toEqualTypeOf<InvariantDefinition>();
    expectTypeOf<ValuesOf<readonly [typeof Limit, typeof Tally]>>().toEqualTypeOf<readonly [{ most: number }, Value]>();
  });

  it('knows what is there, and answers with a verdict at once', () => {
    // @ts-expect-error A limit has no count.
    defineInvariant('within', [Tally, Limit], ([, limit]) => limit.count > 0);
    // @ts-expect-error There are two states.
    defineInvariant('within', [Tally, Limit], ([, , third]) => third === undefined);
    // @ts-expect-error A verdict is no promise.
    defineInvariant('within', [Tally, Limit], async () => true);
  });
});
