/**
 * How many insertions, deletions, substitutions and swaps of neighbours turn one word into the other, counted up to a limit.
 * Gives limit + 1 when it would be more. Only pairs of letters at most `limit` places apart are looked at, so it costs
 * left.length × (2 × limit + 1) steps at most, and nothing when the lengths differ too much.
 */
export function editDistance(left: string, right: string, limit: number): number {
  const tooFar = limit + 1;
  if (Math.abs(left.length - right.length) > limit) return tooFar;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current: number[] = Array.from({ length: right.length + 1 }, () => tooFar);
    current[0] = row;
    let least = row;
    for (let column = Math.max(1, row - limit); column <= Math.min(right.length, row + limit); column++) {
      const same = left[row - 1] === right[column - 1];
      let here = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) here = Math.min(here, at(beforeLast, column - 2) + 1);
      current[column] = here;
      least = Math.min(least, here);
    }
    if (least > limit) return tooFar;
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, right.length), tooFar);
}

/** Outside of the table nothing is near. */
function at(distances: readonly number[], column: number): number {
  return distances[column] ?? Number.POSITIVE_INFINITY;
}
