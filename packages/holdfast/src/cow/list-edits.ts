/** So many items from `index` on of the old list gave way to those of the new one from `from` to before `to`. */
export interface ListEdit {
  readonly index: number;
  readonly remove: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What must be taken out of one list and put in to make it another, by identity of the items, from the end to the start so that every index is one of
 * the list before. Keeps as many items in place as can be. Costs one walk over both, and n log n over what lies between the first and the last
 * difference.
 */
export function listEdits(before: readonly unknown[], after: readonly unknown[]): readonly ListEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && Object.is(before[start], after[start])) start += 1;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && Object.is(before[endBefore - 1], after[endAfter - 1])) {
    endBefore -= 1;
    endAfter -= 1;
  }
  const edits: ListEdit[] = [];
  const edit = (index: number, from: number, endIndex: number, to: number): void => {
    if (endIndex > index || to > from) edits.push({ index, remove: endIndex - index, from, to });
  };
  let [index, from] = [start, start];
  const isOneStretch = endBefore === start || endAfter === start;
  for (const [keptBefore, keptAfter] of isOneStretch ? [] : keptItems(before, after, start, endBefore, endAfter)) {
    edit(index, from, keptBefore, keptAfter);
    [index, from] = [keptBefore + 1, keptAfter + 1];
  }
  edit(index, from, endBefore, endAfter);
  return edits.toReversed();
}

/** Pairs of indices before and after of items that can stay: the longest rising run of old places among the new ones. */
function keptItems(
  before: readonly unknown[],
  after: readonly unknown[],
  start: number,
  endBefore: number,
  endAfter: number,
): readonly (readonly [number, number])[] {
  const places = new Map<unknown, number[]>();
  for (let index = endBefore - 1; index >= start; index -= 1) {
    const known = places.get(before[index]);
    if (known) known.push(index);
    else places.set(before[index], [index]);
  }
  const found: (readonly [number, number])[] = [];
  for (let index = start; index < endAfter; index += 1) {
    const place = places.get(after[index])?.pop();
    if (place !== undefined) found.push([place, index]);
  }
  return longestRise(found);
}

/** The longest run of pairs whose first numbers rise (patience sorting). */
function longestRise(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  /** The last pair of the best run of each length, and for every pair the one before it in its run. */
  const ends: number[] = [];
  const previous: number[] = [];
  const firstOf = (index: number): number => (pairs[index] as readonly [number, number])[0];
  for (let index = 0; index < pairs.length; index += 1) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firstOf(ends[middle] as number) < firstOf(index)) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (ends[low - 1] as number) : -1);
    ends[low] = index;
  }
  const run: (readonly [number, number])[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] as number) run.push(pairs[index] as readonly [number, number]);
  return run.toReversed();
}
