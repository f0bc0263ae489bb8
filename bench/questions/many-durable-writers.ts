import { BenchTallies } from '../bench-state.ts';
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
      round: async ({ quick }) => {
        const each = quick ? 10 : 50;
        const start = performance.now();
        const write = async (index: number): Promise<void> => {
          for (let done = 0; done < each; done++) await together.add(index);
        };
        await Promise.all(Array.from({ length: WRITERS }, (_, index) => write(index)));
        return (WRITERS * each * 1_000) / (performance.now() - start);
      },
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
