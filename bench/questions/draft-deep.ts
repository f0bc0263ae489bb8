import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

/** A setting five levels down. */
export const question: BenchQuestion = draftQuestion({
  title: 'set a value five levels deep',
  base: { a: { b: { c: { d: { e: 0, f: 1 }, g: 2 }, h: 3 }, i: 4 }, j: 5 },
  recipe: (draft, turn) => (draft.a.b.c.d.e = turn + 1),
  byHand: (base, turn) => ({
    ...base,
    a: { ...base.a, b: { ...base.a.b, c: { ...base.a.b.c, d: { ...base.a.b.c.d, e: turn + 1 } } } },
  }),
});
