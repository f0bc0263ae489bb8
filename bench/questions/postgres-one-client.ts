import { postgresSide } from '../postgres-sides.ts';
import type { BenchQuestion } from '../question.ts';

/** One client whose calls make one durable commit each, against the statement that somebody would write by hand for just this. */
export const question: BenchQuestion = {
  title: 'Postgres, one commit a call',
  unit: 'per second',
  sides: [
    { name: 'holdfast', ...postgresSide('one', (counters) => counters.commit(1)) },
    { name: 'hand-written CTE', target: { atLeast: 0.8 }, ...postgresSide('hand', (counters) => counters.commitByHand()) },
  ],
};
