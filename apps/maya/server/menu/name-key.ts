/**
 * The form in which names are compared: lower case, one space between words, hyphens and curly signs levelled.
 * "Old-Fashioned" and "old  fashioned" have one key. Meant for names; free text goes through the understanding's tokens.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}_]+/gu, ' ')
    .replace(/[’‘`´]/g, "'")
    .trim();
}
