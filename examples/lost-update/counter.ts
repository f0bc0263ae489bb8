import { defineState } from 'holdfast';
import { z } from 'zod';

export const Counter = defineState({
  name: 'counter',
  scope: 'global',
  schema: z.strictObject({ count: z.int() }),
  initial: { count: 0 },
});
