import { isPlain } from './json.ts';

/**
 * Whether two JSON values are equal in structure, whatever the order of their keys. Shared nodes cost one comparison. Instances of classes
 * are asked by their own `equals`; those without one are equal only to themselves.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (!isPlain(a) || !isPlain(b)) return isComparable(a) && a.equals(b);
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function isComparable(value: object): value is { equals(other: unknown): boolean } {
  return 'equals' in value && typeof value.equals === 'function' && !isPlain(value);
}
