/** The phrases of a list that is written with "|" or a new line between them. */
export function phraseList(phrases: string): string[] {
  return phrases
    .split(/[|\n]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}
