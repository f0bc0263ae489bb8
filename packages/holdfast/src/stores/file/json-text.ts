import { jsonErrorOffset } from './json-error.ts';
import { UnreadableText } from './unreadable-text.ts';

/** @throws {UnreadableText} where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its own message quotes the text.
    throw new UnreadableText('is not JSON', text, jsonErrorOffset(text));
  }
}

/** The value as JSON, indented by two, with the keys in the order that `like` has them; new keys come last. */
export function printJson(value: unknown, like: unknown): string {
  return `${JSON.stringify(inOrderOf(value, like), undefined, 2)}\n`;
}

function inOrderOf(value: unknown, like: unknown): unknown {
  if (typeof value !== 'object' || value === null || typeof like !== 'object' || like === null) return value;
  if (Array.isArray(value)) return Array.isArray(like) ? value.map((item, index) => inOrderOf(item, like[index])) : value;
  const own = value as Record<string, unknown>;
  const other = like as Record<string, unknown>;
  const keys = new Set([...Object.keys(other).filter((key) => Object.hasOwn(own, key)), ...Object.keys(own)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, inOrderOf(own[key], Object.hasOwn(other, key) ? other[key] : undefined)]));
}
