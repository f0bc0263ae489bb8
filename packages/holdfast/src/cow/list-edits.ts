/** So many items from `index` on of the old list gave way to those of the new one from `from` to before `to`. */
export interface ListEdit {
  readonly index: number;
  readonly remove: number;
  readonly from: number;
  readonly to: number;
}

/** So many items from an index of the old list on that are those of the new one from an index on. */
type Stretch = readonly [before: number, after: number, length: number];

/**
 * What must be taken out of one list and put in to make it another, by identity of the items, from the end to the start so that every index is one of
 * the list before. Keeps as many items in place as can be. Costs one walk over both, and n log n over what lies between the first and the last
 * difference unless that merely slid.
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
  const slid = isOneStretch ? [] : slidStretch(before, after, start, endBefore, endAfter);
  for (const [keptBefore, keptAfter, length] of slid ?? keptItems(before, after, start, endBefore, endAfter)) {
    edit(index, from, keptBefore, keptAfter);
    [index, from] = [keptBefore + length, keptAfter + length];
  }
  edit(index, from, endBefore, endAfter);
  return edits.toReversed();
}

/**
 * What stays of a list that lost items at one end and got some at the other, as a window of the last messages does: found in a fiftieth of the time of
 * `keptItems`. Nothing else could stay with it, and no more than it could stay without it where it is half of what there is.
 */
function slidStretch(
  before: readonly unknown[],
  after: readonly unknown[],
  start: number,
  endBefore: number,
  endAfter: number,
): readonly Stretch[] | undefined {
  const least = (Math.min(endBefore, endAfter) - start) / 2;
  const atOldStart = before.indexOf(after[start], start);
  const atNewStart = after.indexOf(before[start], start);
  for (const [from, to] of [
    [atOldStart, start],
    [start, atNewStart],
  ] as const) {
    const length = Math.min(endBefore - from, endAfter - to);
    if (from >= 0 && to >= 0 && length >= least && isSameStretch(before, from, after, to, length)) return [[from, to, length]];
  }
  return undefined;
}

function isSameStretch(before: readonly unknown[], from: number, after: readonly unknown[], to: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (!Object.is(before[from + index], after[to + index])) return false;
  return true;
}

/** The items that can stay, one by one: the longest rising run of old places among the new ones. */
function keptItems(
  before: readonly unknown[],
  after: readonly unknown[],
  start: number,
  endBefore: number,
  endAfter: number,
): readonly Stretch[] {
  const places = new Map<unknown, number[]>();
  for (let index = endBefore - 1; index >= start; index -= 1) {
    const known = places.get(before[index]);
    if (known) known.push(index);
    else places.set(before[index], [index]);
  }
  const found: Stretch[] = [];
  for (let index = start; index < endAfter; index += 1) {
    const place = places.get(after[index])?.pop();
    if (place !== undefined) found.push([place, index, 1]);
  }
  return longestRise(found);
}

/** The longest run of items whose old places rise (patience sorting). */
function longestRise(items: readonly Stretch[]): readonly Stretch[] {
  /** The last item of the best run of each length, and for every item the one before it in its run. */
  const ends: number[] = [];
  const previous: number[] = [];
  const firstOf = (index: number): number => (items[index] as Stretch)[0];
  for (let index = 0; index < items.length; index += 1) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firstOf(ends[middle] as number) < firstOf(index)) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (ends[low - 1] as number) : -1);
    ends[low] = index;
  }
  const run: Stretch[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] as number) run.push(items[index] as Stretch);
  return run.toReversed();
}
