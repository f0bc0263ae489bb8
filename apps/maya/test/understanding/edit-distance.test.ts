import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance } from '../../server/understanding/edit-distance.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

/** The textbook recursion, without limit, table or band. */
function plainDistance(left: string, right: string): number {
  if (left === '' || right === '') return left.length + right.length;
  const [a, b] = [left.slice(0, -1), right.slice(0, -1)];
  const costs = [plainDistance(a, right) + 1, plainDistance(left, b) + 1, plainDistance(a, b) + (left.at(-1) === right.at(-1) ? 0 : 1)];
  const swapped = left.length > 1 && right.length > 1 && left.at(-1) === right.at(-2) && left.at(-2) === right.at(-1);
  return Math.min(...costs, swapped ? plainDistance(left.slice(0, -2), right.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY);
}

it.each([
  ['martini', 'martini', 0],
  ['martni', 'martini', 1],
  ['matrini', 'martini', 1],
  ['martinni', 'martini', 1],
  ['daqiri', 'daiquiri', 2],
  ['vodka', 'whiskey', 3],
])('from "%s" to "%s" it is %i edits of at most 2', (left, right, distance) => {
  expect(editDistance(left, right, 2)).toBe(distance);
});

it('is the textbook distance up to the limit, and one more beyond', () => {
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (left, right, limit) => {
      expect(editDistance(left, right, limit)).toBe(Math.min(plainDistance(left, right), limit + 1));
    }),
    { numRuns: 60 },
  );
});
