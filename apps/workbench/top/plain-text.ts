/** What comes from outside, as one line that cannot steer a terminal: control characters, escapes among them, and marks of direction are taken out. */
export function plainText(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '');
}

/** The same of a longer text, whose lines stay. */
export function plainLines(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => line.replaceAll('\t', '  ').replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ''));
}

const LETTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** As a reader counts them. */
export function lettersOf(text: string): readonly string[] {
  return Array.from(LETTERS.segment(text), ({ segment }) => segment);
}
