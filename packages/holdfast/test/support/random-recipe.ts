import { fc } from '@fast-check/vitest';

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

/** A record or a list of any JSON. */
export const root: fc.Arbitrary<object> = fc.oneof(
  fc.array(json, { maxLength: 5 }),
  fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }),
);

const ACTIONS = [
  ...['set', 'delete', 'push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort', 'truncate', 'move', 'copy', 'take out'],
  ...['filter', 'find', 'loop', 'spread', 'grow text', 'write the same'],
] as const;

/** One mutation, aimed at the container found by walking down `walk` as far as it goes. */
export const mutation = fc.record({
  walk: fc.array(fc.nat(9), { maxLength: 4 }),
  action: fc.constantFrom(...ACTIONS),
  at: fc.nat(6),
  key,
  value: json,
});
export type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** Does it to a draft, or to plain JSON. */
export function mutate(draft: unknown, { walk, action, at, key: name, value }: Mutation): void {
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
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
