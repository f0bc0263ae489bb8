import { defineState, type StateDefinition } from 'holdfast';
import { z } from 'zod';

const CounterSchema = z.strictObject({ count: z.int() });

/** A number that only ever grows by one: what several processes add to. */
export const Counter: StateDefinition<z.infer<typeof CounterSchema>, 'global', 'counter'> = defineState({
  name: 'counter',
  scope: 'global',
  schema: CounterSchema,
  initial: { count: 0 },
});
