export interface NormalisedText {
  readonly text: string;
  /** True when the input was longer than the limit and its end was not looked at. */
  readonly truncated: boolean;
}

/**
 * Lower case, NFKC, plain quotes and dashes, single spaces (line breaks stay), no invisible characters.
 * The input is cut before anything else looks at it, so the cost has a ceiling whatever is sent; NFKC can make a text longer,
 * so it is cut again after it.
 */
export function normalise(input: string, maxCharacters: number): NormalisedText {
  const composed = input.slice(0, maxCharacters).toWellFormed().normalize('NFKC');
  const text = composed
    .slice(0, maxCharacters)
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[’‘‛ʼ´`]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
  return { text, truncated: input.length > maxCharacters || composed.length > maxCharacters };
}
