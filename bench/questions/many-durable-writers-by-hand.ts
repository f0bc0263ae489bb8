import { BenchTallies, writersAtOnce } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';
import { SqliteByHand } from '../sqlite-by-hand.ts';

const WRITERS = 64;

const tallies = new BenchTallies();
const byHand = new SqliteByHand(WRITERS);

/** So few that no state gets as many versions as are pruned. */
const commitsEach = (quick: boolean): number => (quick ? 100 : 150);

/** Commits of each writer on a file of its own, before anything is measured: V8 compiles the engine's path of a commit, which is longer, for the last time after some 30,000 of them. */
const WARM_UP = 600;

function commitByHand(hand: SqliteByHand, times: number): void {
  for (let done = 0; done < times; done += 1) hand.commit();
}

/** 64 writers at once, whose commits share batches, against one loop that writes the same 64 rows in each transaction. */
export const question: BenchQuestion = {
  title: '64 writers, durable commits, by hand',
  unit: 'per second',
  sides: [
    {
      name: 'holdfast, at once',
      open: async () => {
        const warmUp = new BenchTallies();
        await warmUp.open(WRITERS);
        await writersAtOnce(warmUp, WARM_UP);
        await warmUp.close();
        await tallies.open(WRITERS);
      },
      round: ({ quick }) => writersAtOnce(tallies, commitsEach(quick)),
      close: () => tallies.close(),
    },
    {
      name: 'hand-written batch',
      target: { atLeast: 0.8 },
      open: async () => {
        const warmUp = new SqliteByHand(WRITERS);
        await warmUp.open();
        commitByHand(warmUp, WARM_UP);
        warmUp.close();
        await byHand.open();
      },
      round: ({ quick }) => {
        const times = commitsEach(quick);
        const start = performance.now();
        commitByHand(byHand, times);
        return (WRITERS * times * 1_000) / (performance.now() - start);
      },
      close: () => byHand.close(),
    },
  ],
};
