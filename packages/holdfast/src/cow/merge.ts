import { isRecord } from './difference.ts';
import { isSameJson } from './same-json.ts';

/** A place that both sides changed, differently. `undefined` stands for "not there". */
export interface MergeConflict {
  readonly path: readonly (string | number)[];
  readonly base: unknown;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/**
 * Merges two values that come from one base. What only one side changed is taken from it; where both changed the same place differently,
 * ours stays and the place is reported. Lists are merged item by item while they keep their length, and as a whole otherwise.
 */
export function mergeThreeWay(
  base: unknown,
  ours: unknown,
  theirs: unknown,
): { readonly value: unknown; readonly conflicts: readonly MergeConflict[] } {
  const conflicts: MergeConflict[] = [];
  return { value: merge(base, ours, theirs, [], conflicts), conflicts };
}

function merge(base: unknown, ours: unknown, theirs: unknown, path: readonly (string | number)[], conflicts: MergeConflict[]): unknown {
  if (isSameJson(base, theirs) || isSameJson(ours, theirs)) return ours;
  if (isSameJson(base, ours)) return theirs;
  if (isRecord(base) && isRecord(ours) && isRecord(theirs)) return mergeRecords(base, ours, theirs, path, conflicts);
  if (Array.isArray(base) && Array.isArray(ours) && Array.isArray(theirs) && base.length === ours.length && base.length === theirs.length) {
    return ours.map((item, index) => merge(base[index], item, theirs[index], [...path, index], conflicts));
  }
  conflicts.push({ path, base, ours, theirs });
  return ours;
}

function mergeRecords(
  base: Record<string, unknown>,
  ours: Record<string, unknown>,
  theirs: Record<string, unknown>,
  path: readonly (string | number)[],
  conflicts: MergeConflict[],
): unknown {
  const merged: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const own = (side: Record<string, unknown>): unknown => (Object.hasOwn(side, key) ? side[key] : undefined);
    const value = merge(own(base), own(ours), own(theirs), [...path, key], conflicts);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}
