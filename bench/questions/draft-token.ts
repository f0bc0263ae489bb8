import { draftQuestion } from '../draft-case.ts';
import type { BenchQuestion } from '../question.ts';

/** A streamed answer grows by a token. */
export const question: BenchQuestion = draftQuestion({
  title: 'append a token to a text of 20 kB, patches written',
  withText: true,
  grows: true,
  base: { messages: [{ role: 'assistant', text: 'x'.repeat(20_000) }] },
  recipe: (draft, turn) => (draft.messages[0]!.text += ` ${turn}`),
  byHand: (base, turn) => ({ messages: base.messages.map((message) => ({ ...message, text: `${message.text} ${turn}` })) }),
});
