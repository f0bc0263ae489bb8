import { lagQuestion } from '../commit-lag.ts';
import type { BenchQuestion } from '../question.ts';

export const question: BenchQuestion = lagQuestion({ store: 'SQLite', share: 0.5, ratioAtMost: 2 });
