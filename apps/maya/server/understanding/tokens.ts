import { phraseList } from './phrase-list.ts';

/** One unit of a normalised text. Words have their contractions written out: "i'd" is two tokens, "i" and "would". */
export interface Token {
  readonly kind: 'word' | 'number' | 'comma' | 'stop';
  /** As it is compared and reported; "?" for the stop that ends a question. */
  readonly text: string;
}

/** A stretch of tokens, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a text is cut into. No part can match the same characters in two ways, so nothing backtracks. */
const PIECE = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}])[-+]?\.?\d+(?:[.,/⁄-]\d+)*(?:e[-+]\d+)?[\p{L}\p{N}]*`, // a number with what is glued to it
    String.raw`(?<!\p{L})\p{L}(?:\.\p{L})+(?!\p{L})\.?`, // an abbreviation: i.p.a.
    String.raw`[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*`, // a word
    String.raw`[,;:()\n.!?…&+/%$]|-(?=[ $])`, // a sign that means something
  ].join('|'),
  'gu',
);

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['&', 'and'],
  ['+', 'and'],
  ['/', 'or'],
  ['%', 'percent'],
  ['$', '$'],
]);

/** Words that are written out before anything is compared. Spoken shortcuts and dropped apostrophes included. */
const WRITTEN_OUT = new Map<string, string>(
  Object.entries({
    "can't": 'can not',
    "won't": 'will not',
    "let's": 'let us',
    cannot: 'can not',
    cant: 'can not',
    wont: 'will not',
    dont: 'do not',
    didnt: 'did not',
    whats: 'what is',
    thats: 'that is',
    heres: 'here is',
    hows: 'how is',
    im: 'i am',
    id: 'i would',
    ill: 'i will',
    ive: 'i have',
    gimme: 'give me',
    lemme: 'let me',
    wanna: 'want to',
    gonna: 'going to',
    pls: 'please',
    plz: 'please',
    thx: 'thanks',
    u: 'you',
  }),
);

const ENDINGS: readonly (readonly [string, string])[] = [
  ["n't", 'not'],
  ["'ll", 'will'],
  ["'re", 'are'],
  ["'ve", 'have'],
  ["'m", 'am'],
  ["'d", 'would'],
];

/** Only after these is 's read as "is"; after a noun it is a possessive or a misspelt plural. */
const IS_AFTER = new Set(
  phraseList(`
  what | that | here | it | there | how | who | where | he | she | when
`),
);

/** Cuts a normalised text into tokens. Signs without a meaning, emoji among them, are left out. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [piece] of text.matchAll(PIECE)) tokens.push(...tokensOf(piece));
  return tokens;
}

/** The words of a phrase as they stand in {@link tokenise}d text. */
export function wordsOf(phrase: string): string[] {
  return tokenise(phrase.toLowerCase()).map((token) => token.text);
}

export function textOf(tokens: readonly Token[], span: Span): string {
  return tokens
    .slice(span.start, span.end)
    .map((token) => token.text)
    .join(' ');
}

/** True when the words stand at this place. */
export function standsAt(tokens: readonly Token[], at: number, words: readonly string[]): boolean {
  return words.length > 0 && words.every((word, offset) => tokens[at + offset]?.text === word);
}

/** The stretches between full stops, question and exclamation marks, without the marks. */
export function sentencesOf(tokens: readonly Token[]): Span[] {
  return spansBetween(tokens, (token) => token.kind === 'stop');
}

/** The stretches between anything that may separate two wishes: marks, commas, "and", "but". */
export function clausesOf(tokens: readonly Token[]): Span[] {
  return spansBetween(tokens, (token) => token.kind === 'stop' || token.kind === 'comma' || token.text === 'and' || token.text === 'but');
}

function spansBetween(tokens: readonly Token[], isBorder: (token: Token) => boolean): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const token = tokens[at];
    if (token && !isBorder(token)) continue;
    if (at > start) spans.push({ start, end: at });
    start = at + 1;
  }
  return spans;
}

/** A space is missing: "2martinis". Fewer letters belong to the number: "2x", "3rd", "10am". */
const GLUED = /^([-+]?\d+)(\p{L}{4,})$/u;

function tokensOf(piece: string): Token[] {
  if (/^[,;:()\n-]$/.test(piece)) return [{ kind: 'comma', text: ',' }];
  if (/^[.!?…]$/.test(piece)) return [{ kind: 'stop', text: piece }];
  const [, number = '', glued = ''] = GLUED.exec(piece) ?? [];
  if (glued !== '') return [{ kind: 'number', text: number }, ...tokensOf(glued)];
  if (/^[-+]?\.?\d/.test(piece)) return [{ kind: 'number', text: piece }];
  const written = SIGNS.get(piece) ?? writtenOut(piece.replaceAll('.', ''));
  return written.split(' ').map((text) => ({ kind: 'word', text }));
}

function writtenOut(word: string): string {
  const whole = WRITTEN_OUT.get(word);
  if (whole !== undefined) return whole;
  if (word.endsWith("'s") && IS_AFTER.has(word.slice(0, -2))) return `${word.slice(0, -2)} is`;
  const ending = ENDINGS.find(([suffix]) => word.endsWith(suffix) && word.length > suffix.length);
  return ending ? `${word.slice(0, -ending[0].length)} ${ending[1]}` : word;
}
