import { GrowingState } from '../growing-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

const TURNS = 20;

/** A conversation that is about so far; it goes on by 20 turns each round, and a new one begins where that would lead too far away. */
function turnsAround(turn: number, checks: 'each' | 'all' = 'each'): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const state = new GrowingState({ snapshots: true, checks });
  const begin = async (): Promise<void> => {
    await state.begin();
    await state.turns(turn - TURNS);
  };
  return {
    open: async () => {
      await state.open();
      await begin();
    },
    round: async () => {
      if (state.transcript!.current.messages.length > turn * 1.2) await begin();
      return (await state.turns(TURNS)) / TURNS;
    },
    close: () => state.close(),
  };
}

/** A turn of a state of 2 MB, against one of the same state when it had 100 kB. */
export const question: BenchQuestion = {
  title: 'turn 1,000 of 2 kB each',
  unit: 'ms',
  // Of a few milliseconds each, on a disk that others use too.
  rounds: 45,
  sides: [
    { name: 'turn 1,000', ...turnsAround(1_000) },
    { name: 'turn 50', target: { atMost: 1.5 }, ...turnsAround(50) },
    { name: 'turn 1,000, all messages checked', ...turnsAround(1_000, 'all') },
  ],
};
