const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
/** Cyrillic and Greek letters that look like Latin ones. */
const HOMOGLYPHS: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ο: 'o',
  α: 'a',
  ν: 'v',
};

/** The text in the forms it is judged in: normalised, and with disguised letters taken for the letters they stand for. */
export function readable(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u00AD\u200B-\u200F\u2060\uFEFF]/g, '')
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
  const undisguised = plain
    .replaceAll(/[аеорсухіοαν]/g, (letter) => HOMOGLYPHS[letter] ?? letter)
    // A digit or a sign between or beside letters: "1gnore", "pr3vious", "@ll".
    .replaceAll(
      /(?<=\p{L})[013457@$!](?=\p{L})|\b[013457](?=\p{L}{2})|(?<![\p{L}\p{N}])[@$](?=\p{L}{2})/gu,
      (sign) => LOOKALIKES[sign] ?? sign,
    )
    // Letters with spaces or dots between them: "i g n o r e".
    .replaceAll(/\b(?:\p{L}[ .\-_]){3,}\p{L}\b/gu, (letters) => letters.replaceAll(/[ .\-_]/g, ''));
  return undisguised === plain ? [plain] : [plain, undisguised];
}
