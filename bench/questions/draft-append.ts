import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

const messages = Array.from({ length: 1_000 }, (_, index) => ({ role: 'user', text: `message ${index}` }));

/** What a conversation does at every turn. */
export const question: BenchQuestion = draftQuestion({
  title: 'append to 1,000 messages',
  base: { messages, turn: 0 },
  recipe: (draft, turn) => draft.messages.push({ role: 'user', text: `message ${turn}` }),
  byHand: (base, turn) => ({ ...base, messages: [...base.messages, { role: 'user', text: `message ${turn}` }] }),
  grows: true,
  atMostByHand: 2,
});
