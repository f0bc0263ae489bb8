import type { Menu } from '../menu/index.ts';
import { readLexemes } from './lexemes.ts';
import { phraseList } from './phrase-list.ts';
import { occurrences } from './phrases.ts';
import { sentencesOf, wordsOf, type Span, type Token } from './tokens.ts';
import { vocabularyOf } from './vocabulary.ts';

export interface PriceQuestion {
  readonly kind: 'show_price';
  /** The menu items that are asked about; all candidates of a loose name; empty when what is asked about is not on the menu. */
  readonly items: readonly string[];
}

const ASKS_PRICE = [
  ...phraseList(`
    how much is | how much are | how much for | how much does | how much do | how much would | how much will | how much's
    how expensive | price of | price for
  `),
  ...['prices of', 'the price', 'cost of', 'what does', 'what do', 'what are your prices', 'the prices'],
].map(wordsOf);

/** "what does" asks for a price only with one of these behind. */
const COST = new Set(['cost', 'costs', 'go']);

/** When no drink is named and one of these comes first, the bill is meant, or something that has no price. */
const NOT_A_DRINK = new Set(
  phraseList(`
  i | we | my | our | it | that | this | you | everything | all | 
`),
);

/** Finds the question for the price of drinks: "how much is a martini", which is not yet a wish for one, nor for the bill. */
export function findPriceQuestion(tokens: readonly Token[], menu: Menu): (PriceQuestion & Span) | null {
  for (const sentence of sentencesOf(tokens)) {
    const asked = ASKS_PRICE.flatMap((words) => occurrences(tokens, words, sentence)).find((span) => asksPrice(tokens, span, sentence));
    if (!asked) continue;
    const span = { start: asked.start, end: sentence.end };
    const items = readLexemes(tokens.slice(span.start, span.end), vocabularyOf(menu)).flatMap((lexeme) =>
      lexeme.kind === 'drink' ? lexeme.meaning.candidates : [],
    );
    if (items.length === 0 && (asked.end === sentence.end || NOT_A_DRINK.has(tokens[asked.end]?.text ?? ''))) continue;
    return { kind: 'show_price', items: [...new Set(items)], ...span };
  }
  return null;
}

function asksPrice(tokens: readonly Token[], span: Span, sentence: Span): boolean {
  const isOpen = tokens[span.start]?.text === 'what' && tokens[span.start + 1]?.text !== 'are';
  return !isOpen || tokens.slice(span.end, sentence.end).some((token) => COST.has(token.text));
}
