import type { Menu } from '../menu/index.ts';
import { oncePer } from './once-per.ts';
import { occurrences } from './phrases.ts';
import { clausesOf, textOf, wordsOf, type Span, type Token } from './tokens.ts';

export interface RecommendationWish {
  readonly kind: 'recommend';
  /** One of the menu's preferences; null when none was named or the menu has none such. */
  readonly preference: string | null;
  /** The word that was said for it: "sweet" for fruity, "spicy" for none. */
  readonly said: string | null;
}

const ASKS_ADVICE = [
  ...[
    'recommend',
    'recommendation',
    'recommendations',
    'suggest',
    'suggestion',
    'suggestions',
    'surprise me',
    "what's good",
    'in the mood for something',
    'in the mood for a drink',
  ],
  ...[
    'what should i drink',
    'what should i order',
    'what should i have',
    'what should i get',
    'what should i try',
    "what's your favorite",
    "what's your favourite",
    "what's popular",
  ],
  ...[
    "what's your best drink",
    "bartender's choice",
    "dealer's choice",
    "what's your specialty",
    'your specialty',
    'pick something',
    'choose something',
    'choose for me',
    'pick for me',
  ],
].map(wordsOf);

/** A wish for a drink that names none. */
const ASKS_SOMETHING = ['want', 'like', 'need', 'have', 'get', 'give', 'make', 'bring', 'pour', 'fancy', 'for', 'try'];
const NAMELESS = ['something', 'anything', 'drink', 'drinks', 'cocktail', 'cocktails', 'beverage', 'beverages', 'one', 'stuff'];
const SOMETHING = new Set(['something', 'anything']);
const AFTER_SOMETHING = new Set([
  'else',
  'to',
  'drink',
  'please',
  'nice',
  'good',
  'then',
  'for',
  'me',
  'from',
  'you',
  'really',
  'very',
  'a',
  'bit',
  'little',
  'that',
  'is',
  'thanks',
  'or',
  'more',
  'less',
]);

/** How far before or behind "something" or "drink" the preference may stand. */
const REACH = 3;
/** More words behind "something" are no preference but a story. */
const LONGEST_DESCRIPTION = 3;

/** Finds the wish to be recommended a drink: "what do you recommend", "something fruity", "a strong drink", "I'd like something to drink". */
export function findRecommendationWish(tokens: readonly Token[], menu: Menu): (RecommendationWish & Span) | null {
  const preferences = preferencesOf(menu);
  for (const clause of clausesOf(tokens)) {
    const preference = preferenceIn(tokens, clause, preferences);
    const asksAdvice = ASKS_ADVICE.some((words) => occurrences(tokens, words, clause).length > 0);
    if (preference && (asksAdvice || describesDrink(tokens, preference.span, clause))) return wish(preference, clause);
    if (asksAdvice) return wish(null, clause);
    const said = describedOtherwise(tokens, clause);
    if (said !== undefined) return { kind: 'recommend', preference: null, said: said === '' ? null : said, ...clause };
  }
  return null;
}

interface Preference {
  readonly name: string;
  readonly said: string;
  readonly span: Span;
}

function wish(preference: Preference | null, clause: Span): RecommendationWish & Span {
  return { kind: 'recommend', preference: preference?.name ?? null, said: preference?.said ?? null, ...clause };
}

type PreferenceWords = Pick<Preference, 'name'> & { readonly words: readonly string[] };

/** Longest first, so that "non alcoholic" is found before a word of it. */
const preferencesOf = oncePer((menu: Menu): PreferenceWords[] =>
  menu.recommendations
    .flatMap(({ preference, words }) => [preference, ...words].map((word) => ({ name: preference, words: wordsOf(word) })))
    .toSorted((a, b) => b.words.length - a.words.length),
);

function preferenceIn(tokens: readonly Token[], clause: Span, preferences: readonly PreferenceWords[]): Preference | null {
  for (const { name, words } of preferences) {
    const [span] = occurrences(tokens, words, clause);
    if (span) return { name, said: words.join(' '), span };
  }
  return null;
}

/** "something (really) fruity", "a fruity drink", or nothing but the preference: "fruity please". */
function describesDrink(tokens: readonly Token[], span: Span, clause: Span): boolean {
  const before = tokens.slice(Math.max(clause.start, span.start - REACH), span.start).map((token) => token.text);
  const behind = tokens[span.end]?.text ?? '';
  if (before.some((word) => SOMETHING.has(word) || word === 'drink') || NAMELESS.includes(behind)) return true;
  return (
    textOf(tokens, { start: span.start, end: clause.end }).endsWith(' please') && clause.start === span.start && clause.end - span.end === 1
  );
}

/** "I'd like something (spicy)", "a drink please": what is said for it, "" for nothing, undefined when this is no such wish. */
function describedOtherwise(tokens: readonly Token[], clause: Span): string | undefined {
  const words = tokens.slice(clause.start, clause.end).map((token) => token.text);
  const at = words.findIndex((word) => SOMETHING.has(word) || word === 'drink');
  if (at < 0 || words.includes('not')) return undefined;
  const isAsked = ASKS_SOMETHING.some((word) => words.slice(Math.max(0, at - 4), at).includes(word)) || words.includes('please');
  const isNameless = SOMETHING.has(words[at] ?? '') || ['a', 'the', 'another', 'some'].includes(words[at - 1] ?? '');
  const description = words.slice(at + 1).filter((word) => !AFTER_SOMETHING.has(word));
  return isAsked && isNameless && description.length <= LONGEST_DESCRIPTION ? description.join(' ') : undefined;
}
