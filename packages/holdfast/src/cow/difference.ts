import { isPlain } from './json.ts';
import { listEdits } from './list-edits.ts';
import { isSameJson } from './same-json.ts';
import type { Patch } from './patch.ts';

/** A text that was shorter is written again: appending to it would not make a smaller patch. */
const MIN_APPENDED_TO = 16;

/**
 * Patches that lead from one JSON value to another. Lists are compared from both ends; what lies between is changed item by item where it is as
 * long as before; otherwise items that are shared stay, the others are taken out and put in. Costs one walk over what is not shared.
 */
export function difference(from: unknown, to: unknown): readonly Patch[] {
  const patches: Patch[] = [];
  addDifference(from, to, [], patches);
  return patches;
}

type Path = readonly (string | number)[];

/** Adds the patches that lead from one JSON value at the path to another. */
export function addDifference(from: unknown, to: unknown, path: Path, patches: Patch[]): void {
  if (isSameJson(from, to)) return;
  if (Array.isArray(from) && Array.isArray(to)) compareLists(from, to, path, patches);
  else if (isRecord(from) && isRecord(to)) compareRecords(from, to, path, patches);
  else if (typeof from === 'string' && typeof to === 'string' && from.length >= MIN_APPENDED_TO && to.slice(0, from.length) === from)
    patches.push({ op: 'append', path, value: to.slice(from.length) });
  else patches.push({ op: 'replace', path, value: to });
}

function compareRecords(from: Record<string, unknown>, to: Record<string, unknown>, path: Path, patches: Patch[]): void {
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patches.push({ op: 'remove', path: [...path, key] });
  for (const [key, value] of Object.entries(to)) {
    if (Object.hasOwn(from, key)) addDifference(from[key], value, [...path, key], patches);
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
  if (fromEnd === toEnd) for (let index = start; index < fromEnd; index++) addDifference(from[index], to[index], [...path, index], patches);
  else
    for (const edit of listEdits(from.slice(start, fromEnd), to.slice(start, toEnd))) {
      const items = to.slice(start + edit.from, start + edit.to);
      patches.push({ op: 'splice', path, index: start + edit.index, remove: edit.remove, items });
    }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}
