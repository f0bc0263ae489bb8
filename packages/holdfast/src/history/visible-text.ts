const MAX_CHARACTERS = 60;
/** What would move the cursor, end the line or turn the direction of what follows. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu;

/** A user's text as it can stand in one line: control characters are shown as what they are, and what is too long is cut. */
export function visibleText(text: string, maxCharacters: number = MAX_CHARACTERS): string {
  const characters = Array.from(text.toWellFormed().slice(0, maxCharacters * 4));
  const isShort = characters.length <= maxCharacters;
  const shown = isShort ? characters.join('') : `${characters.slice(0, maxCharacters - 1).join('')}…`;
  return shown.replaceAll(INVISIBLE, picture);
}

/** A moment as it is shown: the date and time in UTC, or with `now` how long ago it was. Both in epoch ms. */
export function visibleTime(at: number, now: number | undefined): string {
  if (now === undefined) return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const seconds = Math.floor((now - at) / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `tab 5, wallet 2` */
export function visibleVersions(versions: Readonly<Record<string, number>>): string {
  return Object.entries(versions)
    .map(([state, version]) => `${visibleText(state)} ${version}`)
    .join(', ');
}

/** Pads each column to its widest cell, by characters. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** ␊ for a line feed; `\u{202e}` for what has no picture. */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
}
