import { isSameJson } from '../../cow/index.ts';

/** How far an item may have moved up and still be found. */
const LOOK_AHEAD = 100;

/**
 * For each item of a list, the index of the one in an older list that it was: those that are the same, in their order; between them, those that changed in their
 * places. Undefined for what is new, and where some went and others changed, which cannot be told apart.
 */
export function alignItems(older: readonly unknown[], newer: readonly unknown[]): readonly (number | undefined)[] {
  const partners: (number | undefined)[] = Array.from({ length: newer.length });
  let [doneOlder, doneNewer] = [0, 0];
  const pairChanged = (untilOlder: number, untilNewer: number): void => {
    const went = untilOlder - doneOlder > untilNewer - doneNewer;
    for (let step = 0; !went && step < untilOlder - doneOlder; step += 1) partners[doneNewer + step] = doneOlder + step;
  };
  for (const [index, item] of newer.entries()) {
    const found = older.slice(doneOlder, doneOlder + LOOK_AHEAD).findIndex((other) => isSameJson(other, item));
    if (found < 0) continue;
    pairChanged(doneOlder + found, index);
    partners[index] = doneOlder + found;
    [doneOlder, doneNewer] = [doneOlder + found + 1, index + 1];
  }
  pairChanged(older.length, newer.length);
  return partners;
}
