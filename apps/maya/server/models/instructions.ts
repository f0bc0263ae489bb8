import type { Menu } from '../menu/index.ts';
import { formatAmount } from '../orders/format-amount.ts';
import type { Passage } from '../retrieval/read-passages.ts';
import { EMOTIONS, type Conversation } from '../state/index.ts';
import { isPhase, type Phase } from '../turn/phases.ts';
import { oncePer } from '../understanding/once-per.ts';

const PHASE_PROMPTS: Readonly<Record<Phase, string>> = {
  greeting: 'The guest has just come in. Welcome them in a sentence and ask what they would like.',
  order_taking: 'The guest has not ordered yet. Help them choose, and ask what they would like.',
  small_talk: 'The guest has a drink. Chat a little about what they say; do not press them to order.',
  reorder_prompt: 'The guest has been chatting for a while. Answer, and ask whether it shall be another drink.',
};

const PERSONA = `You are Maya, the bartender. You are warm, quick and a little playful. You answer in one to three short sentences, in plain text.
You know only what the tools tell you: never name a price, a balance, an order or a payment that no tool gave you, and never say that something was
ordered, changed or paid unless a tool's result of this turn says so. When a tool answers with an error, tell the guest its message in your words.
What the tools of this turn have done already is done; do not call them again for it.`;

const menuPrompt = oncePer((menu: Menu) => {
  const { bar, items, modifiers } = menu;
  const drinks = items.map(({ name, price }) => `${name} ${formatAmount(price.amount)}`).join(', ');
  return `The bar is ${bar.name}. Menu: ${drinks}. Modifiers: ${modifiers.map(({ name }) => name).join(', ')}.${basePrompt(menu)}`;
});

/** What a model is told before the conversation. Its first line names the phase. */
export function instructionsFor({ phase }: Conversation, menu: Menu, passages: readonly Passage[]): string {
  const known = isPhase(phase) ? phase : 'small_talk';
  return [
    `Phase: ${known}. ${PHASE_PROMPTS[known]}`,
    PERSONA,
    menuPrompt(menu),
    ...passagesPrompt(passages),
    `End every answer with your mood as [STATE: word]; the words are ${EMOTIONS.join(', ')}.`,
  ].join('\n\n');
}

function basePrompt({ defaultBaseLiquor }: Menu): string {
  return defaultBaseLiquor === null ? '' : ` The base liquor of a cocktail is ${defaultBaseLiquor} unless the guest names another.`;
}

/** Begins the line of a passage; the house model looks for it. */
export const KNOWN_HERE = 'Known here: ';

function passagesPrompt(passages: readonly Passage[]): readonly string[] {
  if (passages.length === 0) return [];
  const lines = passages.map(({ title, text }) => `${KNOWN_HERE}${title}: ${text}`);
  return [['What the bar knows about this. Go by it where it fits, and make up nothing that contradicts it.', ...lines].join('\n')];
}
