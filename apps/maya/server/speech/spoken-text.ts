import { moneyInWords } from './money-in-words.ts';

/** A name and how it is said. */
export interface SpokenName {
  readonly name: string;
  readonly spokenAs: string;
}

/** From what is written to what is said, in this order: later ones see what earlier ones left. */
const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/```[\s\S]*?(?:```|$)/g, ' '],
  [/!?\[([^[\]]*)\]\([^)\s]*\)/g, '$1'],
  [/<\/?[a-z][^<>]*>/gi, ' '],
  [/\bhttps?:\/\/[^\s)]*[^\s).,?!]/gi, ' '],
  // A list is read with a pause behind each line, and so is a heading.
  [/([^\s.,?!:;])[ \t]*\n\s*/g, '$1. '],
  [/^\s*(?:#{1,6}|>|[-*+•])\s+/gm, ''],
];

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[‘’ʼ]/g, "'"],
  [/(\d)\s*%/g, '$1 percent'],
  [/\s*&\s*/g, ' and '],
  [/\s*[…]/g, '.'],
  [/\s*(?:[;:](?!\d)|[—–]|\s-{1,2}\s)\s*/g, ', '],
  // What is left and is neither a letter, a figure nor one of the marks that speech goes by.
  [/(?<![\p{L}\p{N}])['-]|['-](?![\p{L}\p{N}])/gu, ' '],
  [/[^\p{L}\p{M}\p{N}\s.,?!:'-]/gu, ' '],
];

const SPACING: readonly (readonly [RegExp, string])[] = [
  [/\s+/g, ' '],
  [/ (?=[.,?!])/g, ''],
  [/([.,?!])\1+/g, '$1'],
  [/,(?=[.?!])/g, ''],
  [/(?<=[.?!]),/g, ''],
  [/^[\s.,]+/g, ''],
];

/**
 * A sentence as it is to be said: markup and signs dropped, money in words, names as they sound; `. , ? !` are kept, for they make the pauses.
 * Empty when there is nothing to say.
 */
export function toSpokenText(text: string, names: readonly SpokenName[]): string {
  const named = names.reduce((said, { name, spokenAs }) => said.replaceAll(nameIn(name), spokenAs), replaceAll(text, MARKUP));
  const spoken = replaceAll(replaceAll(moneyInWords(named), SIGNS), SPACING).trim();
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : '';
}

function replaceAll(text: string, rules: readonly (readonly [RegExp, string])[]): string {
  return rules.reduce((said, [pattern, replacement]) => said.replaceAll(pattern, replacement), text);
}

/** The name in capitals or not, and with any space or hyphen where it has one. */
function nameIn(name: string): RegExp {
  const parts = name.split(/[\s-]+/).map((part) => RegExp.escape(part));
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${parts.join(String.raw`[\s‑-]*`)}(?![\p{L}\p{N}])`, 'giu');
}
