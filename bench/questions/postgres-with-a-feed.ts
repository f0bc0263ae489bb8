import { postgresSide } from '../postgres-sides.ts';
import type { BenchQuestion } from '../question.ts';

/** What it costs the writer that another process reads every commit as it comes; both share the processors of the machine with the server. */
export const question: BenchQuestion = {
  title: 'Postgres, 64 commits a call, with a feed',
  unit: 'per second',
  sides: [
    { name: 'holdfast, followed', ...postgresSide('followed', (counters) => counters.commit(64), { followed: true }) },
    { name: 'nobody follows', target: { atLeast: 0.75 }, ...postgresSide('alone', (counters) => counters.commit(64)) },
  ],
};
