import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

/** A window of the last messages: one comes, one goes. */
export const question: BenchQuestion = draftQuestion({
  title: 'one out and one in of 1,000',
  base: { messages: Array.from({ length: 1_000 }, (_, index) => ({ text: `message ${index}` })) },
  recipe: (draft, turn) => {
    draft.messages.shift();
    draft.messages.push({ text: `message ${turn}` });
  },
  byHand: (base, turn) => ({ messages: [...base.messages.slice(1), { text: `message ${turn}` }] }),
});
