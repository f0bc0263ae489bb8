import { BenchTallies, writersAtOnce } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';
import { SqliteByHand } from '../sqlite-by-hand.ts';

const WRITERS = 64;

const tallies = new BenchTallies();
const byHand = new SqliteByHand(WRITERS);

/** So many that V8 has compiled the code before most of them, and no state gets as many versions as are pruned. */
const commitsEach = (quick: boolean): number => (quick ? 10 : 150);

/** 64 writers at once, whose commits share batches, against one loop that writes the same 64 rows in each transaction. */
export const question: BenchQuestion = {
  title: '64 writers, durable commits, by hand',
  unit: 'per second',
  sides: [
    {
      name: 'holdfast, at once',
      open: () => tallies.open(WRITERS),
      round: ({ quick }) => writersAtOnce(tallies, commitsEach(quick)),
      close: () => tallies.close(),
    },
    {
      name: 'hand-written batch',
      target: { atLeast: 0.8 },
      open: () => byHand.open(),
      round: ({ quick }) => {
        const times = commitsEach(quick);
        const start = performance.now();
        for (let done = 0; done < times; done += 1) byHand.commit();
        return (WRITERS * times * 1_000) / (performance.now() - start);
      },
      close: () => byHand.close(),
    },
  ],
};
