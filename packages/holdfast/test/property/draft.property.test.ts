import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { applyPatches, freezeJson, openDraft, patched, type Patch } from '../../src/cow/index.ts';

/*
 * Properties of drafts, for any JSON and any recipe:
 * 1. Applying the patches to the value before gives the value after, in place and on a frozen value alike.
 * 2. The value before is not changed; what the recipe did not touch is the same object afterwards.
 * 3. Patches survive JSON.
 */

const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'prototype', 'toString', 'length', '0');
const { json } = fc.letrec<{ json: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null)),
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const root = fc.oneof(fc.array(json, { maxLength: 5 }), fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }));

/** One mutation, aimed at the container found by walking down `walk` as far as it goes. */
const mutation = fc.record({
  walk: fc.array(fc.nat(9), { maxLength: 4 }),
  action: fc.constantFrom('set', 'delete', 'push', 'shift', 'splice', 'reverse', 'truncate', 'move'),
  at: fc.nat(6),
  key,
  value: json,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(draft: unknown, { walk, action, at, key: name, value }: Mutation): void {
  let node = draft as object;
  for (const step of walk) {
    const inner = Object.values(node).filter((child): child is object => typeof child === 'object' && child !== null);
    const next = inner[step % Math.max(inner.length, 1)];
    if (!next) break;
    node = next;
  }
  const fresh = structuredClone(value);
  if (!Array.isArray(node)) {
    if (action === 'delete') delete (node as Record<string, unknown>)[name];
    else (node as Record<string, unknown>)[name] = fresh;
    return;
  }
  if (action === 'push') node.push(fresh);
  else if (action === 'shift') node.shift();
  else if (action === 'splice') node.splice(at, 1, fresh, at);
  else if (action === 'reverse') node.reverse();
  else if (action === 'truncate') node.length = Math.min(at, node.length);
  else if (action === 'delete') node.splice(at, 1);
  else if (at < node.length) node[at] = fresh;
}

test.prop([root, fc.array(mutation, { maxLength: 8 })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 1_000) })(
  'patches lead from the value before to the value after',
  (base, mutations) => {
    expect(freezeJson(base)).toBeUndefined();
    const copy = structuredClone(base);
    const open = openDraft(base);
    for (const each of mutations) mutate(open.draft, each);
    const { next, patches } = open.finish();

    expect(base).toEqual(copy);
    const sent = JSON.parse(JSON.stringify(patches)) as Patch[];
    const inPlace: unknown = structuredClone(base);
    applyPatches(inPlace, sent);
    expect(inPlace).toEqual(next);
    expect(patched(base, sent)).toEqual(next);
  },
);

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
