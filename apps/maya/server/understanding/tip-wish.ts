import { phraseList } from './phrase-list.ts';
import { occurrences } from './phrases.ts';
import { readQuantity } from './quantities.ts';
import { sentencesOf, textOf, type Span, type Token } from './tokens.ts';

export type TipWish =
  /** A percentage as it was said (the bar takes 10, 15 and 20), null for no tip. */
  | { readonly kind: 'set_tip'; readonly percentage: number | null }
  | { readonly kind: 'add_tip'; readonly amountCents: number }
  /** A tip whose amount was not said or not understood: "leave a tip", "tip 20". */
  | { readonly kind: 'unclear_tip'; readonly said: string };

const TIP = new Set(['tip', 'gratuity']);
const REMOVING = new Set(
  phraseList(`
  no | not | without | remove | cancel | delete | drop | skip | forget | zero | off | never | undo
`),
);
const GIVING = new Set(
  phraseList(`
  add | leave | give | set | include | want | like | put | make | change
`),
);
const DOLLARS = new Set(['$', 'dollar', 'dollars', 'buck', 'bucks', 'usd']);
const CENTS = new Set(['cent', 'cents']);

/** Words that may stand between "tip" and its amount or verb; the first other word ends the wish. */
const AROUND_TIP = new Set([
  ...phraseList(`
    a | an | the | my | your | you | me | us | i | we | to | of | as | at | for | with | would | will | can | could | please
    any | do | nice | please
  `),
  ...phraseList(`
    herself | yourself | bartender | maya | percent | per | take | let | going | am | on | it | instead | just | here | is
    have
  `),
  ...[...TIP, ...REMOVING, ...GIVING, ...DOLLARS, ...CENTS],
]);

/** Finds the wish to tip: "tip 15%", "add a 20 percent tip", "no tip", "tip five dollars". Null for other tips ("the tip of my tongue"). */
export function findTipWish(tokens: readonly Token[]): (TipWish & Span) | null {
  const at = tokens.findIndex((token, index) => TIP.has(token.text) && !isOtherTip(tokens, index));
  if (at < 0) return findBareShare(tokens);
  const span = stretchAround(tokens, at);
  const words = tokens.slice(span.start, span.end).map((token) => token.text);
  const amount = amountIn(tokens, span);
  if (amount) return { ...amount, ...span };
  if (isRemoval(words)) return { kind: 'set_tip', percentage: null, ...span };
  const hasNumber = words.some((_, offset) => isNumber(tokens, span.start + offset));
  const opensSentence = sentencesOf(tokens).some((sentence) => sentence.start === at);
  if (!hasNumber && !opensSentence && !words.some((word) => GIVING.has(word))) return null;
  return { kind: 'unclear_tip', said: textOf(tokens, span), ...span };
}

/** Nothing but a percentage: "15%", "20 percent please". From 100 on it is a manner of speaking. */
function findBareShare(tokens: readonly Token[]): (TipWish & Span) | null {
  const end = tokens.at(-1)?.kind === 'stop' ? tokens.length - 1 : tokens.length;
  if (end === 0 || !tokens.slice(0, end).every((_, at) => belongsToTip(tokens, at))) return null;
  const share = amountIn(tokens, { start: 0, end });
  return share?.kind === 'set_tip' && (share.percentage ?? 0) < 100 ? { ...share, start: 0, end } : null;
}

function isOtherTip(tokens: readonly Token[], at: number): boolean {
  return tokens[at + 1]?.text === 'of' && !isNumber(tokens, at + 2) && tokens[at + 2]?.text !== '$';
}

/** From the tip outwards over everything that belongs to it; in "two beers with a 20% tip" the order stays outside. */
function stretchAround(tokens: readonly Token[], at: number): Span {
  let start = at;
  while (belongsToTip(tokens, start - 1)) start--;
  let end = at + 1;
  while (belongsToTip(tokens, end) || continuesAmount(tokens, end)) end++;
  return { start, end };
}

function belongsToTip(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token !== undefined && (AROUND_TIP.has(token.text) || isNumber(tokens, at));
}

function continuesAmount(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.text !== 'and') return false;
  const quantity = readQuantity(tokens, at + 1);
  return quantity !== undefined && CENTS.has(tokens[at + 1 + quantity.length]?.text ?? '');
}

function isNumber(tokens: readonly Token[], at: number): boolean {
  const quantity = readQuantity(tokens, at);
  return quantity !== undefined && !['a', 'an', 'another'].includes(quantity.text);
}

/** "no tip", "remove the tip", "don't add a tip"; not "I do not know how much to tip", where another word stands in between. */
function isRemoval(words: readonly string[]): boolean {
  return words.some((word) => REMOVING.has(word));
}

function amountIn(tokens: readonly Token[], span: Span): TipWish | null {
  let cents: number | null = null;
  for (let at = span.start; at < span.end; at++) {
    const quantity = isNumber(tokens, at) ? readQuantity(tokens, at) : undefined;
    if (!quantity) continue;
    const unit = tokens[at + quantity.length]?.text ?? '';
    const isPercent =
      unit === 'percent' ||
      (unit === 'per' && occurrences(tokens, ['per', 'cent'], { start: at + quantity.length, end: at + quantity.length + 2 }).length > 0);
    if (isPercent && quantity.value !== null && quantity.value >= 0) return { kind: 'set_tip', percentage: quantity.value };
    if (isPercent) return null;
    const part =
      DOLLARS.has(unit) || tokens[at - 1]?.text === '$' ? centsOf(quantity.value, quantity.text) : CENTS.has(unit) ? quantity.value : null;
    if (part === null || part < 0) return null;
    cents = (cents ?? 0) + part;
    at += quantity.length;
  }
  return cents === null || !Number.isSafeInteger(cents) ? null : { kind: 'add_tip', amountCents: cents };
}

/** Whole dollars as they were read, or dollars and cents as digits; null for more than two decimals. */
function centsOf(dollars: number | null, text: string): number | null {
  if (dollars !== null) return dollars * 100;
  const [, whole = '', cents = ''] = /^(\d{1,9})\.(\d{1,2})$/.exec(text) ?? [];
  return cents === '' ? null : Number(whole + cents.padEnd(2, '0'));
}
