import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { z } from 'zod';
import { freezeJson, openDraft } from '../../src/cow/index.ts';
import { eachIssues } from '../../src/state/each-item.ts';
import { mutate, mutation, root } from '../support/random-recipe.ts';

const path = fc.constantFrom('*', 'a', '*.a', 'a.*', '*.*', '*.*.b', 'a.*.b.*');
/** What fits: one in so many random values does not. */
const schema = fc.constantFrom(
  z.custom((item) => typeof item !== 'string' || item.length < 3),
  z.custom((item) => item !== undefined && (!Array.isArray(item) || item.length < 4)),
  z.custom((item) => typeof item !== 'object' || item === null || !('c' in item)),
);

test.prop([root, fc.array(mutation, { minLength: 1, maxLength: 6 }), path, schema], {
  numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 1_000),
})('what a draft has noted finds each item that does not fit, as looking at all of them does', (base, mutations, at, fits) => {
  const each = { [at]: fits };
  fc.pre(eachIssues(each, base) === undefined);
  expect(freezeJson(base)).toBeUndefined();
  const { draft, finish } = openDraft(base);
  for (const one of mutations) mutate(draft, one);
  const { next, changed } = finish();
  expect(new Set(eachIssues(each, next, base, changed))).toEqual(new Set(eachIssues(each, next)));
});
