import { defineState, StateManager, type StateHandle } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';
import type { BenchQuestion, BenchSide } from '../question.ts';

const Line = z.strictObject({ id: z.string(), name: z.string(), price: z.int().positive(), tags: z.array(z.string()) });
type LineValue = z.infer<typeof Line>;
const common = { name: 'orders', scope: 'conversation' } as const;
const unchecked = z.custom<LineValue[]>(Array.isArray);

const Full = defineState({ ...common, schema: z.strictObject({ items: z.array(Line) }), initial: { items: [] } });
const Each = defineState({ ...common, schema: z.strictObject({ items: unchecked }), initial: { items: [] }, each: { items: Line } });
const Unchecked = defineState({ ...common, schema: z.strictObject({ items: unchecked }), initial: { items: [] } });

function line(index: number): LineValue {
  return { id: `line-${index}`, name: 'Negroni', price: 13, tags: ['bitter', 'stirred'] };
}

/** One item is pushed onto 10,000, which are there before. */
function pushes(definition: typeof Full | typeof Each): Pick<BenchSide, 'open' | 'round' | 'close'> {
  let state: StateManager | undefined;
  let orders: StateHandle<{ items: LineValue[] }> | undefined;
  return {
    open: async () => {
      state = await StateManager.open({ store: memory() });
      orders = await state.conversation('anna').get(definition);
      await orders.set({ items: Array.from({ length: 10_000 }, (_, index) => line(index)) });
    },
    round: async ({ quick }) => {
      const times = quick ? 20 : 100;
      const start = performance.now();
      for (let done = 0; done < times; done++) await orders!.update((draft) => void draft.items.push(line(done)));
      return (performance.now() - start) / times;
    },
    close: async () => await state?.close(),
  };
}

/** `each` checks what is new in a list, not the list. */
export const question: BenchQuestion = {
  title: 'push on a list of 10,000 items, checked with each',
  unit: 'ms',
  sides: [
    { name: 'each', ...pushes(Each) },
    { name: 'the full schema', target: { atMost: 0.5 }, ...pushes(Full) },
    { name: 'items unchecked', ...pushes(Unchecked) },
  ],
};
