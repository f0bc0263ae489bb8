import { isPlain, isPlainJson } from './json.ts';

/**
 * Whether two JSON values are equal in structure, whatever the order of their keys. Shared nodes cost one comparison. Instances of classes
 * are asked by their own `equals`; those without one are equal only to themselves.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && isSameList(a, b);
  if (isPlainJson(a) && isPlainJson(b)) return isSameRecord(a as Fields, b as Fields);
  return isComparable(a) && a.equals(b);
}

type Fields = Readonly<Record<string, unknown>>;

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!isSameJson(a[index], b[index])) return false;
  return true;
}

/** By `for in`, and looking for a key only where a value says nothing about it: what a schema gives out is compared so at each commit, all of it. */
function isSameRecord(a: Fields, b: Fields): boolean {
  let keys = 0;
  for (const key in a) {
    keys += 1;
    const [value, other] = [a[key], b[key]];
    if (value === other ? value === undefined && !Object.hasOwn(b, key) : !Object.hasOwn(b, key) || !isSameJson(value, other)) return false;
  }
  for (const _ in b) keys -= 1;
  return keys === 0;
}

function isComparable(value: object): value is { equals(other: unknown): boolean } {
  return 'equals' in value && typeof value.equals === 'function' && !isPlain(value);
}
