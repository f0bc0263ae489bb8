import { isPlain } from './json.ts';
import { isSameJson } from './same-json.ts';
import type { Patch } from './patch.ts';

/**
 * Patches that lead from one JSON value to another of the same kind (object to object, array to array). Lists are compared from both ends:
 * what lies between is replaced one by one, then inserted or removed. Costs one walk over what is not shared.
 */
export function difference(from: unknown, to: unknown): readonly Patch[] {
  const patches: Patch[] = [];
  compare(from, to, [], patches);
  return patches;
}

type Path = readonly (string | number)[];

function compare(from: unknown, to: unknown, path: Path, patches: Patch[]): void {
  if (isSameJson(from, to)) return;
  if (Array.isArray(from) && Array.isArray(to)) compareLists(from, to, path, patches);
  else if (isRecord(from) && isRecord(to)) compareRecords(from, to, path, patches);
  else patches.push({ op: 'replace', path, value: to });
}

function compareRecords(from: Record<string, unknown>, to: Record<string, unknown>, path: Path, patches: Patch[]): void {
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patches.push({ op: 'remove', path: [...path, key] });
  for (const [key, value] of Object.entries(to)) {
    if (Object.hasOwn(from, key)) compare(from[key], value, [...path, key], patches);
    else patches.push({ op: 'add', path: [...path, key], value });
  }
}

function compareLists(from: readonly unknown[], to: readonly unknown[], path: Path, patches: Patch[]): void {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && isSameJson(from[start], to[start])) start++;
  let fromEnd = from.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && isSameJson(from[fromEnd - 1], to[toEnd - 1])) {
    fromEnd--;
    toEnd--;
  }
  let index = start;
  for (; index < fromEnd && index < toEnd; index++) compare(from[index], to[index], [...path, index], patches);
  for (let removed = fromEnd - 1; removed >= index; removed--) patches.push({ op: 'remove', path: [...path, removed] });
  for (; index < toEnd; index++) patches.push({ op: 'add', path: [...path, index], value: to[index] });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}
