import type { HousePrompt } from './house-prompt.ts';
import type { Saying } from './house-replies.ts';

interface Topic {
  readonly pattern: RegExp;
  readonly sayings: readonly Saying[];
}

const TOPICS: readonly Topic[] = [
  {
    pattern: /\b(?:bye|goodbye|good night|see you)\b/i,
    sayings: [{ text: 'Good night, and come back soon!', emotion: 'happy' }],
  },
  {
    pattern: /\b(?:thanks|thank you|cheers)\b/i,
    sayings: [
      { text: 'You are very welcome!', emotion: 'happy' },
      { text: 'My pleasure. Enjoy!', emotion: 'happy' },
    ],
  },
  {
    pattern: /\b(?:who|what) are you\b|\byour name\b/i,
    sayings: [{ text: 'I am Maya, and this side of the counter is mine.', emotion: 'happy' }],
  },
  {
    pattern: /\bhow are you\b|\bhow is it going\b/i,
    sayings: [{ text: 'The ice is cold and the glasses shine, so I cannot complain. And you?', emotion: 'happy' }],
  },
  {
    pattern: /\bjoke\b|\bfunny\b/i,
    sayings: [
      { text: 'A guest asked for something on the house. I told them that we do not serve on the roof.', emotion: 'happy' },
      { text: 'I told my shaker a secret. Now it is all shaken up.', emotion: 'happy' },
    ],
  },
  {
    pattern: /\b(?:beautiful|pretty|cute|love you|marry me)\b/i,
    sayings: [{ text: 'Careful, or I will drop a glass. You are too kind.', emotion: 'flustered' }],
  },
  {
    pattern: /\b(?:sad|tired|lonely|bad day|awful|terrible)\b/i,
    sayings: [{ text: 'That sounds like a long day. Sit down and tell me about it; there is no hurry here.', emotion: 'upset' }],
  },
];

const BY_PHASE: Readonly<Record<string, readonly Saying[]>> = {
  greeting: [
    { text: 'Welcome in! I am Maya. What can I get you?', emotion: 'happy' },
    { text: 'Good to see you! I am Maya, and the bar is all yours. What will it be?', emotion: 'happy' },
  ],
  order_taking: [
    { text: 'I am listening. Name a drink, or ask me for the menu.', emotion: 'neutral' },
    { text: 'Take your time. Whenever you are ready, tell me what you would like.', emotion: 'neutral' },
  ],
  small_talk: [
    { text: 'Is that so? Tell me more.', emotion: 'neutral' },
    { text: 'I hear the best stories at this counter, and that is one of them.', emotion: 'happy' },
    { text: 'Hm, I will have to think about that one.', emotion: 'thinking' },
  ],
  reorder_prompt: [{ text: 'I could listen all night. Your glass looks empty, though: shall it be another one?', emotion: 'happy' }],
};

/** Asks to be told something. */
const CURIOUS = /\?|\b(?:tell me|what|who|why|how|when|where|story|stories|is there|are there|can i|may i)\b/i;

/** What Maya says when there is nothing to do; the same prompt gets the same answer. */
export function smallTalk({ text, phase, length, known }: HousePrompt): Saying {
  const [best] = known;
  if (best !== undefined && CURIOUS.test(text)) return { text: best, emotion: 'happy' };
  const topic = phase === 'greeting' ? undefined : TOPICS.find(({ pattern }) => pattern.test(text));
  const sayings = topic?.sayings ?? BY_PHASE[phase] ?? BY_PHASE['small_talk'] ?? [];
  return sayings[(text.length + length) % sayings.length] ?? { text: 'What can I get you?', emotion: 'neutral' };
}
