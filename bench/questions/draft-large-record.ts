import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

const facts = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`fact-${index}`, `value ${index}`]));

/** A record with many keys, of which one changes. */
export const question: BenchQuestion = draftQuestion({
  title: 'set 1 of 1,000 keys',
  base: { facts },
  recipe: (draft, turn) => (draft.facts['fact-500'] = `value ${turn + 1_000}`),
  byHand: (base, turn) => ({ facts: Object.assign({}, base.facts, { 'fact-500': `value ${turn + 1_000}` }) }),
});
