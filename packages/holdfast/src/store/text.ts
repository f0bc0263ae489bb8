import { HoldfastError } from '../errors/index.ts';

/**
 * Order of texts by code point, which is that of their UTF-8 bytes and of every store. Differs from `<` only where a
 * character beyond U+FFFF meets one of U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The smallest text that is greater than everything that starts with the prefix; `undefined` when there is none. */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix);
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0;
    if (last < 0x10_ff_ff) return points.join('') + String.fromCodePoint(last === 0xd7_ff ? 0xe0_00 : last + 1);
  }
  return undefined;
}

/** A B-tree entry of Postgres holds 2,704 bytes: two names fit into one together with what else a key has. */
const MAX_NAME_BYTES = 512;

/**
 * Refuses a name that some medium would not give back as it was: one with a NUL or half a surrogate pair, or of more than 512 bytes of UTF-8.
 * @throws {HoldfastError} INVALID_ID.
 */
export function assertName(what: string, name: string): void {
  const problem = nameProblem(name);
  if (problem) throw new HoldfastError('INVALID_ID', `The ${what} ${JSON.stringify(name.slice(0, 64))} ${problem}.`, { what });
}

function nameProblem(name: string): string | undefined {
  if (name.includes('\u0000') || !name.isWellFormed()) return 'holds a NUL or half a surrogate pair; use well-formed text without NUL';
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

/** Surrogates stand for characters beyond U+FFFF and sort behind all others. */
function rank(unit: number): number {
  if (unit < 0xd8_00) return unit;
  return unit < 0xe0_00 ? unit + 0x20_00 : unit - 0x08_00;
}
