import { fc, test } from '@fast-check/vitest';
import { create } from 'mutative';
import { expect } from 'vitest';
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

const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'prototype', 'toString', 'length', '0');
const { json } = fc.letrec<{ json: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null)),
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }).map(withManyKeys),
  ),
}));
/** Records of many keys are copied in another way than others. */
function withManyKeys(record: Record<string, unknown>): Record<string, unknown> {
  return { ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key ${index}`, index])), ...record };
}

const root = fc.oneof(fc.array(json, { maxLength: 5 }), fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }));

const ACTIONS = [
  ...['set', 'delete', 'push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort', 'truncate', 'move', 'copy', 'take out'],
  ...['filter', 'find', 'loop', 'spread', 'grow text', 'write the same'],
] as const;

/** One mutation, aimed at the container found by walking down `walk` as far as it goes. */
const mutation = fc.record({
  walk: fc.array(fc.nat(9), { maxLength: 4 }),
  action: fc.constantFrom(...ACTIONS),
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
  if (Array.isArray(node)) mutateList(node, action, at, fresh);
  else mutateRecord(node as Record<string, unknown>, action, name, fresh);
}

function mutateRecord(record: Record<string, unknown>, action: Mutation['action'], name: string, fresh: unknown): void {
  const [first] = Object.keys(record);
  if (action === 'delete') delete record[name];
  else if (action === 'move' && first !== undefined) {
    record[name] = record[first];
    if (first !== name) delete record[first];
  } else if (action === 'copy' && first !== undefined) record[name] = { inside: record[first] };
  else if (action === 'grow text') record[name] = `${typeof record[name] === 'string' ? record[name] : ''} and twenty more letters`;
  else if (action === 'write the same' && first !== undefined) record[first] = structuredClone(plain(record[first]));
  else if (action === 'spread' && first !== undefined) record[name] = { ...(record[first] as object), [name]: fresh };
  else record[name] = fresh;
}

function mutateList(list: unknown[], action: Mutation['action'], at: number, fresh: unknown): void {
  switch (action) {
    case 'push':
      return void list.push(fresh, at);
    case 'pop':
      return void list.pop();
    case 'shift':
      return void list.shift();
    case 'unshift':
      return void list.unshift(fresh, at);
    case 'splice':
      return void list.splice(at, 1, fresh, at);
    case 'reverse':
      // oxlint-disable-next-line unicorn/no-array-reverse -- what a recipe does in place
      return void list.reverse();
    case 'sort':
      // oxlint-disable-next-line unicorn/no-array-sort -- what a recipe does in place
      return void list.sort((a, b) => order(a) - order(b));
    case 'truncate':
      list.length = Math.min(at, list.length);
      return;
    case 'delete':
      return void list.splice(at, 1);
    case 'move':
    case 'copy':
      if (list.length > 0) list.push(action === 'move' ? list.shift() : { inside: list[0] });
      return;
    case 'take out': {
      const [taken] = list.splice(at, 1);
      if (isRecord(taken)) taken['a'] = at;
      if (taken !== undefined) list.unshift(taken);
      return;
    }
    case 'filter':
      for (const item of list.filter(isRecord)) item['b'] = at;
      return;
    case 'find': {
      const found = list.find((item) => isRecord(item));
      if (isRecord(found)) found['c'] = list.some((item) => item === at) ? 'found' : list.reduce((count: number) => count + 1, 0);
      return;
    }
    case 'loop':
      for (const item of list) if (isRecord(item)) item['a'] = at;
      return;
    case 'spread':
      return void list.splice(0, list.length, ...[...list, fresh].toReversed());
    default:
      if (at < list.length) list[at] = fresh;
  }
}

function isRecord(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}

/** Sorts what a recipe may meet without asking what it is. */
function order(item: unknown): number {
  return typeof item === 'number' ? item : JSON.stringify(item).length;
}

/** A copy without drafts in it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

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
