import { fc, test } from '@fast-check/vitest';
import { create } from 'mutative';
import { expect } from 'vitest';
import { mutate, mutation, plain, root, type Mutation } from '../support/random-recipe.ts';
import { applyPatches, freezeJson, openDraft, patched, type Patch } from '../../src/cow/index.ts';

/*
 * Properties of drafts, for any JSON and any recipe:
 * 1. Applying the patches to the value before gives the value after, in place and on a frozen value alike.
 * 2. The value before is not changed; what the recipe did not touch is the same object afterwards.
 * 3. Patches survive JSON.
 * 4. The value after is that of mutative, which does the same in another way, and of plain code on a deep copy.
 * 5. The value after is JSON all the way and frozen once it was checked, although the check looks only at what is new.
 * 6. All that of the first draft of a value, of the next one on the value after, and of another one on the value before; keys keep their order.
 */

test.prop([root, fc.array(mutation, { maxLength: 8 })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 1_000) })(
  'patches lead from the value before to the value after',
  (base, mutations) => {
    expect(freezeJson(base)).toBeUndefined();
    const next = expectDraft(base, mutations);
    expectDraft(next, mutations.toReversed());
    expectDraft(base, mutations.toReversed());
  },
);

/** Answers the value after the mutations. */
function expectDraft(base: object, mutations: readonly Mutation[]): object {
  const copy = structuredClone(base);
  const open = openDraft(base);
  for (const each of mutations) mutate(open.draft, each);
  const { next, patches, changed } = open.finish();

  expect(base).toEqual(copy);
  if (patches.length === 0) expect(next).toBe(base);
  const byHand = plain(base) as object;
  for (const each of mutations) mutate(byHand, each);
  expect(next).toEqual(byHand);
  expect(JSON.stringify(next)).toBe(JSON.stringify(byHand));
  expect(create(base, (draft) => mutations.forEach((each) => mutate(draft, each)))).toEqual(next);
  expect(freezeJson(next, undefined, changed)).toBeUndefined();
  expectFrozen(next);

  const sent = JSON.parse(JSON.stringify(patches)) as Patch[];
  const inPlace = plain(base);
  applyPatches(inPlace, sent);
  expect(inPlace).toEqual(next);
  expect(patched(base, sent)).toEqual(next);
  return next as object;
}

test.prop([fc.array(fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), { noNullPrototype: true }), { minLength: 2, maxLength: 6 })])(
  'what was not touched is shared',
  (base) => {
    expect(freezeJson(base)).toBeUndefined();
    const open = openDraft(base);
    (open.draft as Record<string, number>[])[0]!['a'] = 1_000;
    const { next } = open.finish();
    for (const [index, item] of (next as object[]).entries()) if (index > 0) expect(item).toBe(base[index]);
  },
);

test.prop([
  fc.constantFrom<Patch[]>(
    [{ op: 'replace', path: ['__proto__', 'polluted'], value: 1 }],
    [{ op: 'add', path: ['constructor', 'prototype', 'polluted'], value: 1 }],
    [{ op: 'add', path: ['__proto__'], value: { polluted: 1 } }],
  ),
])('a patch reaches no prototype', (patches) => {
  expect(() => applyPatches({ a: 1 }, patches)).toThrow(TypeError);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

function expectFrozen(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  expect(Object.isFrozen(node)).toBe(true);
  for (const inner of Object.values(node)) expectFrozen(inner);
}
