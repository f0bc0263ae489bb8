import { phraseList } from './phrase-list.ts';
import { textOf, type Token } from './tokens.ts';

/** Why a quantity is none that can be ordered. */
export type QuantityProblem = 'not_whole' | 'too_small' | 'too_large' | 'unclear' | 'without_drink';

/** A quantity as it was said. `value` is null when it is no whole number; `problem` then says why. */
export interface Quantity {
  readonly value: number | null;
  readonly problem: QuantityProblem | null;
  readonly text: string;
  /** How many tokens it takes. */
  readonly length: number;
}

const UNITS = new Map(
  ['zero one two three four five six seven eight nine ten', 'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen']
    .join(' ')
    .split(' ')
    .map((word, value) => [word, value] as const),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index) => [word, 20 + 10 * index] as const),
);
const MULTIPLES = new Map([
  ['couple', 2],
  ['pair', 2],
  ['dozen', 12],
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
]);

/** Said instead of a number; nobody can pour these. */
const VAGUE = phraseList(`
  few | several | many | lots | plenty | bunch | lot | load | ton | tons | loads | round | rounds | unlimited | infinite
  infinity | endless
`);

/**
 * Reads the quantity that starts at a token: digits, number words, "a", "another", "half a dozen", "a couple of", vague amounts, ranges.
 * Undefined when none starts there. Whether it lies within what can be ordered is not judged here.
 */
export function readQuantity(tokens: readonly Token[], at: number): Quantity | undefined {
  const word = (offset: number): string => tokens[at + offset]?.text ?? '';
  const give = (length: number, value: number | null, problem: QuantityProblem | null = null): Quantity => {
    const end = at + length + (word(length) === 'of' ? 1 : 0);
    return { value, problem, length: end - at, text: textOf(tokens, { start: at, end: at + length }) };
  };

  if (word(0) === 'half')
    return word(1) === 'a' && word(2) === 'dozen'
      ? give(3, 6)
      : word(1) === 'dozen'
        ? give(2, 6)
        : give(isArticle(word(1)) ? 2 : 1, null, 'not_whole');
  if (word(0) === 'a' && word(1) === 'half') return word(2) === 'dozen' ? give(3, 6) : give(2, null, 'not_whole');
  if (word(0) === 'minus' || word(0) === 'negative') {
    const number = readNumber(tokens, at + 1);
    return number && give(1 + number.length, null, 'too_small');
  }
  if (VAGUE.includes(word(0))) return give(1, null, 'unclear');
  if (word(0) === 'a' && VAGUE.includes(word(1))) return give(2, null, 'unclear');

  const least = word(0) === 'between' ? readNumber(tokens, at + 1) : undefined;
  const most = least && word(1 + least.length) === 'and' ? readNumber(tokens, at + 2 + least.length) : undefined;
  if (least && most) return give(2 + least.length + most.length, null, 'unclear');

  const number = readNumber(tokens, at);
  if (!number) return undefined;
  const next = number.length;
  if (word(next) === 'and' && word(next + 1) === 'a' && word(next + 2) === 'half') return give(next + 3, null, 'not_whole');
  const connects = word(next) === 'or' || word(next) === 'to' || word(next) === 'point';
  const second = connects ? readNumber(tokens, at + next + 1) : undefined;
  if (second && !isArticle(word(next + 1))) return give(next + 1 + second.length, null, word(next) === 'point' ? 'not_whole' : 'unclear');
  return give(next + (word(next) === 'x' ? 1 : 0), number.value, number.problem);
}

type BareNumber = Pick<Quantity, 'value' | 'problem' | 'length'>;

function readNumber(tokens: readonly Token[], at: number): BareNumber | undefined {
  const token = tokens[at];
  if (token?.kind === 'number') return readDigits(token.text, tokens[at + 1]?.text);
  if (token?.text === 'another') {
    const number = isArticle(tokens[at + 1]?.text) ? undefined : readNumber(tokens, at + 1);
    return number ? { ...number, length: number.length + 1 } : { value: 1, problem: null, length: 1 };
  }
  return readNumberWords(tokens, at);
}

/** "20", "2x", "1,000", "2 dozen"; glued letters other than x make it a word ("3rd"), not a quantity. */
function readDigits(text: string, following: string | undefined): BareNumber | undefined {
  const digits = text.endsWith('x') ? text.slice(0, -1) : text;
  if (/^\d{1,3}(,\d{3})+$/.test(digits)) return { value: Number(digits.replaceAll(',', '')), problem: null, length: 1 };
  if (/^[-+]?\d+$/.test(digits)) {
    const value = Number(digits);
    const multiple = MULTIPLES.get(following ?? '');
    return multiple === undefined ? { value, problem: null, length: 1 } : { value: value * multiple, problem: null, length: 2 };
  }
  if (/^[-+]?\d*[./⁄]\d+$/.test(digits)) return { value: null, problem: 'not_whole', length: 1 };
  if (/^[-+]?\d+(?:\.\d+)?e[-+]?\d+$/.test(digits))
    return { value: null, problem: Number(digits) > 1 ? 'too_large' : 'unclear', length: 1 };
  return /\p{L}/u.test(digits) ? undefined : { value: null, problem: 'unclear', length: 1 };
}

/** "twenty one", "two dozen", "a hundred", "one hundred and five", "a single". */
function readNumberWords(tokens: readonly Token[], at: number): BareNumber | undefined {
  let value: number | undefined;
  let length = 0;
  for (let word = tokens[at]?.text; word !== undefined; word = tokens[at + length]?.text) {
    const unit = isArticle(word) && length === 0 ? 1 : UNITS.get(word);
    const ten = TENS.get(word);
    const multiple = MULTIPLES.get(word);
    if (multiple !== undefined) value = (value ?? 1) * multiple;
    else if (ten !== undefined && fits(value, 100)) value = (value ?? 0) + ten;
    else if (unit !== undefined && fits(value, unit < 10 ? 10 : 100)) value = (value ?? 0) + unit;
    else if (word === 'single' && value === 1) value = 1;
    else if (word === 'and' && value !== undefined && value >= 100 && startsSmallNumber(tokens[at + length + 1]?.text)) value += 0;
    else break;
    length++;
  }
  return value === undefined ? undefined : { value, problem: null, length };
}

/** "one" may follow "twenty" and "hundred" but not "two" or "ten". */
function fits(value: number | undefined, place: number): boolean {
  return value === undefined || (value >= 20 && value % place === 0);
}

function startsSmallNumber(word: string | undefined): boolean {
  return word !== undefined && (UNITS.has(word) || TENS.has(word));
}

function isArticle(word: string | undefined): boolean {
  return word === 'a' || word === 'an';
}
