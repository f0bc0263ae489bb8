import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { applyPatches, difference, mergeThreeWay } from '../../src/cow/index.ts';

/*
 * Properties, for any JSON:
 * 1. The difference of two values, applied to the first, gives the second; equal values have none.
 * 2. A merge with one side unchanged gives the other side, without a conflict.
 * 3. Both sides changed alike: that value, without a conflict.
 * 4. Changes at different keys are all there afterwards; at the same key, ours stays and the key is reported.
 */

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('a', 'b', null, true),
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('x', 'y', 'constructor'), tie('json'), { noNullPrototype: true }),
  ),
}));
const record = fc.dictionary(fc.constantFrom('p', 'q', 'r', 'toString'), json, { noNullPrototype: true });
const list = fc.array(json, { maxLength: 6 });

test.prop([fc.oneof(fc.tuple(record, record), fc.tuple(list, list))])('a difference leads from one value to the other', ([from, to]) => {
  const patches = difference(from, to);
  const applied: unknown = structuredClone(from);
  applyPatches(applied, JSON.parse(JSON.stringify(patches)) as typeof patches);
  expect(applied).toEqual(to);
  expect(difference(from, structuredClone(from))).toEqual([]);
});

test.prop([record, record])('what only one side changed is taken from it', (base, changed) => {
  expect(mergeThreeWay(base, changed, base)).toEqual({ value: changed, conflicts: [] });
  expect(mergeThreeWay(base, base, changed)).toEqual({ value: changed, conflicts: [] });
  expect(mergeThreeWay(base, changed, structuredClone(changed))).toEqual({ value: changed, conflicts: [] });
});

test.prop([record, json, json])(
  'changes at different keys are both there, at the same key ours stays and it is said',
  (base, ours, theirs) => {
    const apart = mergeThreeWay(base, { ...base, mine: ours }, { ...base, yours: theirs });
    expect(apart).toEqual({ value: { ...base, mine: ours, yours: theirs }, conflicts: [] });
    const together = mergeThreeWay({ ...base, key: 'old' }, { ...base, key: { ours } }, { ...base, key: [theirs] });
    expect(together.value).toEqual({ ...base, key: { ours } });
    expect(together.conflicts).toEqual([{ path: ['key'], base: 'old', ours: { ours }, theirs: [theirs] }]);
  },
);
