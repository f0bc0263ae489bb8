import { lagQuestion } from '../commit-lag.ts';
import type { BenchQuestion } from '../question.ts';

export const question: BenchQuestion = lagQuestion({ store: 'Postgres', share: 0.99, atMost: 10 });
