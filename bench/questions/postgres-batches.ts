import { postgresSide } from '../postgres-sides.ts';
import type { BenchQuestion } from '../question.ts';

/** 64 durable commits that share a call, as those of 64 writers do, against as many hand-written statements. */
export const question: BenchQuestion = {
  title: 'Postgres, 64 commits a call',
  unit: 'per second',
  sides: [
    { name: 'holdfast', ...postgresSide('together', (counters) => counters.commit(64)) },
    { name: '64 hand-written CTEs', target: { atLeast: 3 }, ...postgresSide('hand', (counters) => counters.commitByHand()) },
    { name: '64 calls of one', ...postgresSide('apart', (counters) => counters.commit(1)) },
  ],
};
