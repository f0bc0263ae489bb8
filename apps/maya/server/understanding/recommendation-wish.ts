import type { Menu } from '../menu/index.ts';
import { oncePer } from './once-per.ts';
import { phraseList } from './phrase-list.ts';
import { occurrences, overlaps } from './phrases.ts';
import { clausesOf, textOf, wordsOf, type Span, type Token } from './tokens.ts';

export interface RecommendationWish {
  readonly kind: 'recommend';
  /** One of the menu's preferences; null when none was named or the menu has none such. */
  readonly preference: string | null;
  /** The word that was said for it: "sweet" for fruity, "spicy" for none. */
  readonly said: string | null;
}

const ASKS_ADVICE = [
  ...phraseList(`
    recommend | recommendation | recommendations | suggest | suggestion | suggestions | surprise me | what's good
    in the mood for something | in the mood for a drink
  `),
  ...phraseList(`
    what should i drink | what should i order | what should i have | what should i get | what should i try
    what's your favorite | what's your favourite | what's popular
  `),
  ...phraseList(`
    what's your best drink | bartender's choice | dealer's choice | what's your specialty | your specialty | pick something
    choose something | choose for me | pick for me
  `),
].map(wordsOf);

/** A wish for a drink that names none. */
const ASKS_SOMETHING = phraseList(`
  want | like | need | have | get | give | make | bring | pour | fancy | for | try
`);
const NAMELESS = phraseList(`
  something | anything | drink | drinks | cocktail | cocktails | beverage | beverages | one | stuff
`);
const SOMETHING = new Set(['something', 'anything']);
const AFTER_SOMETHING = new Set(
  phraseList(`
  else | to | drink | please | nice | good | then | for | me | from | you | really | very | a | bit | little | that | is
  thanks | or | more | less
`),
);

/** A clause that begins so describes what is there: "that is a stiff drink". */
const ABOUT_SOMETHING = new Set(['that', 'this', 'it', 'he', 'she', 'they']);

/** How far before or behind "something" or "drink" the preference may stand. */
const REACH = 3;
/** More words behind "something" are no preference but a story. */
const LONGEST_DESCRIPTION = 3;

/** Finds the wish to be recommended a drink: "what do you recommend", "something fruity", "a strong drink", "I'd like something to drink". */
export function findRecommendationWish(tokens: readonly Token[], menu: Menu): (RecommendationWish & Span) | null {
  const preferences = preferencesSaid(tokens, menu);
  const advice = ASKS_ADVICE.flatMap((words) => occurrences(tokens, words));
  for (const clause of clausesOf(tokens)) {
    if (ABOUT_SOMETHING.has(tokens[clause.start]?.text ?? '')) continue;
    const preference = preferences.find(({ span }) => overlaps(span, clause) && !isDenied(tokens, clause, span)) ?? null;
    const asksAdvice = advice.some((span) => overlaps(span, clause));
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

function preferencesSaid(tokens: readonly Token[], menu: Menu): Preference[] {
  return preferencesOf(menu).flatMap(({ name, words }) =>
    occurrences(tokens, words).map((span) => ({ name, said: words.join(' '), span })),
  );
}

/** "something not too sweet". */
function isDenied(tokens: readonly Token[], clause: Span, span: Span): boolean {
  return tokens.slice(clause.start, span.start).some(({ text }) => text === 'not' || text === 'less');
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
  if (at < 0 || words.slice(0, at).includes('not')) return undefined;
  const isAsked = ASKS_SOMETHING.some((word) => words.slice(Math.max(0, at - 4), at).includes(word)) || words.includes('please');
  const isNameless = SOMETHING.has(words[at] ?? '') || ['a', 'the', 'another', 'some'].includes(words[at - 1] ?? '');
  const description = words.slice(at + 1).filter((word) => !AFTER_SOMETHING.has(word));
  return isAsked && isNameless && description.length <= LONGEST_DESCRIPTION ? description.join(' ') : undefined;
}
