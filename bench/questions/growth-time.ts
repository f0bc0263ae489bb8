import { GrowingState } from '../growing-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

/** A new conversation of 1,000 turns each round. */
function growing(snapshots: boolean): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const state = new GrowingState({ snapshots });
  return {
    open: () => state.open(),
    round: async ({ quick }) => {
      const turns = quick ? 300 : 1_000;
      await state.begin();
      return (await state.turns(turns)) / turns;
    },
    close: () => state.close(),
  };
}

/** What snapshots cost on the way to 2 MB, each turn durable. */
export const question: BenchQuestion = {
  title: 'a state growing to 2 MB in 1,000 turns, a turn',
  unit: 'ms',
  sides: [
    { name: 'holdfast', ...growing(true) },
    { name: 'patches alone', target: { atMost: 2 }, ...growing(false) },
  ],
};
