import { phraseList } from './phrase-list.ts';
import { wordsOf, type Span, type Token } from './tokens.ts';

/** Between a negation and what it negates: "i do not want to pay". */
const LIGHT_AFTER_NOT = new Set(
  phraseList(`
  want | to | need | like | ready | yet | going | please | you | let | us | me | just | show | get | bring | give
`),
);
const NEGATIONS = new Set(['not', 'never', 'without']);

/** Where a phrase stands within its stretch, every time; commas inside it do not matter: "check, please". */
export function occurrences(tokens: readonly Token[], words: readonly string[], within: Span = { start: 0, end: tokens.length }): Span[] {
  const found: Span[] = [];
  const [first] = words;
  for (let start = within.start; start < within.end; start++) {
    if (tokens[start]?.text !== first) continue; // most places, so nothing is called for them
    const end = endOfPhrase(tokens, words, start);
    if (end !== undefined && end <= within.end) found.push({ start, end });
  }
  return found;
}

/** The first word is known to stand there. */
function endOfPhrase(tokens: readonly Token[], words: readonly string[], start: number): number | undefined {
  if (words.length === 0) return undefined;
  let at = start + 1;
  for (let index = 1; index < words.length; index++, at++) {
    if (tokens[at]?.kind === 'comma') at++;
    if (tokens[at]?.text !== words[index]) return undefined;
  }
  return at;
}

/** True when what stands here is said not to be wanted: "don't close the tab". */
export function isNegated(tokens: readonly Token[], start: number): boolean {
  for (let at = start - 1; at >= 0; at--) {
    const token = tokens[at];
    if (token?.kind !== 'word') return false;
    if (NEGATIONS.has(token.text)) return true;
    if (!LIGHT_AFTER_NOT.has(token.text)) return false;
  }
  return false;
}

export function overlaps(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end;
}

/** A name with the ways it may be said; see {@link nameForms}. */
export interface Name {
  readonly name: string;
  readonly forms: readonly (readonly string[])[];
}

/** The forms of a name and its aliases: singular and plural. */
export function nameForms(name: string, aliases: readonly string[] = []): Name {
  return { name, forms: [name, ...aliases].map(wordsOf).flatMap(withPlurals) };
}

/** The names that stand in the text as words, each once; none inside a longer one: "long island iced tea" holds no "iced tea". */
export function namesIn(tokens: readonly Token[], names: readonly Name[]): string[] {
  const words = new Set(tokens.map(({ text }) => text));
  const found: { readonly name: string; readonly span: Span }[] = [];
  for (const { name, forms } of names)
    for (const form of forms) {
      if (!words.has(form[0] ?? '')) continue; // most forms, so nothing is looked for
      for (const span of occurrences(tokens, form)) found.push({ name, span });
    }
  const outer = found.filter(({ span }) => !found.some((other) => overlaps(other.span, span) && lengthOf(other.span) > lengthOf(span)));
  return [...new Set(outer.map(({ name }) => name))];
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}

function withPlurals(words: readonly string[]): string[][] {
  const last = words.at(-1) ?? '';
  const endings = last.endsWith('y') ? [last, `${last}s`, `${last.slice(0, -1)}ies`] : [last, `${last}s`, `${last}es`];
  return endings.map((ending) => [...words.slice(0, -1), ending]);
}
