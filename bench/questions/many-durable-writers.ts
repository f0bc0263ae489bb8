import { BenchTallies, writersAtOnce } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

const WRITERS = 64;

const together = new BenchTallies();
const apart = new BenchTallies();

/** 64 writers at once, whose commits share batches, against the same commits one after the other. */
export const question: BenchQuestion = {
  title: '64 writers, durable commits',
  unit: 'per second',
  sides: [
    {
      name: 'holdfast, at once',
      open: () => together.open(WRITERS),
      round: ({ quick }) => writersAtOnce(together, quick ? 10 : 50),
      close: () => together.close(),
    },
    {
      name: 'holdfast, one by one',
      target: { atLeast: 3 },
      open: () => apart.open(WRITERS),
      round: async ({ quick }) => {
        const commits = quick ? 200 : 1_000;
        const start = performance.now();
        for (let done = 0; done < commits; done++) await apart.add(done % WRITERS);
        return (commits * 1_000) / (performance.now() - start);
      },
      close: () => apart.close(),
    },
  ],
};
