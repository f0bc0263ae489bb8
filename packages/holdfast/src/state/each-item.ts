import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ChangedNode } from '../cow/index.ts';
import type { ValidationIssue } from '../errors/index.ts';
import { pathPattern } from '../secret/index.ts';
import { schemaIssues } from './validation.ts';

/** By the path of a list or record: what each of its items must fit. */
export type EachItem = Readonly<Record<string, StandardSchemaV1>>;

/** The schemas of `each`, typed by what the state's own schema says of the items. */
export type EachItemOf<T, Path extends string> = {
  readonly [Key in Path]: string extends Key ? StandardSchemaV1 : StandardSchemaV1<unknown, ItemAt<T, Key>>;
};

/** The type of the items of the list or record at a path, `orders.*.lines`; never when the path leads nowhere. */
export type ItemAt<T, Path extends string> = Path extends `${infer Key}.${infer Rest}`
  ? ItemAt<StepInto<T, Key>, Rest>
  : StepInto<StepInto<T, Path>, '*'>;

type StepInto<T, Key extends string> = unknown extends T
  ? unknown
  : T extends readonly (infer Item)[]
    ? Key extends '*'
      ? Item
      : never
    : T extends object
      ? Key extends '*'
        ? T[keyof T]
        : Key extends keyof T
          ? T[Key]
          : never
      : never;

/** Something in a list or record that is not what stood there before. */
interface Entry {
  readonly key: string | number;
  readonly value: unknown;
  readonly was: unknown;
  /** Of what a draft changed in its place. */
  readonly changed?: ChangedNode | undefined;
}

/**
 * What the items at the paths of `each` have against their schemas; undefined when all fit. Items that are in `was`, at the same path, are known to fit:
 * they are the same node as before, wherever in the list. Costs a check for each that is new; with what a draft has `changed` no more, without it a comparison
 * for each item of a list that is not what it was.
 */
export function eachIssues(each: EachItem, now: unknown, was?: unknown, changed?: ChangedNode): readonly ValidationIssue[] | undefined {
  const issues: ValidationIssue[] = [];
  for (const [text, schema] of Object.entries(each)) check({ value: now, was, changed }, pathPattern(text).segments, [], schema, issues);
  return issues.length > 0 ? issues : undefined;
}

function check(
  node: Omit<Entry, 'key'>,
  segments: readonly string[],
  path: readonly (string | number)[],
  schema: StandardSchemaV1,
  issues: ValidationIssue[],
): void {
  const segment = segments[path.length];
  for (const entry of newEntries(node, segment)) {
    const here = [...path, entry.key];
    if (segment !== undefined) check(entry, segments, here, schema, issues);
    else for (const issue of schemaIssues(schema, entry.value) ?? []) issues.push({ ...issue, path: [...here, ...issue.path] });
  }
}

/** What is new under a key of the node, or under any for `*` and behind the last segment. */
function newEntries({ value: now, was, changed }: Omit<Entry, 'key'>, segment = '*'): readonly Entry[] {
  if (now === was || typeof now !== 'object' || now === null) return [];
  // It is not what the draft made where secrets were sealed in it.
  if (changed?.value === now) return changedEntries(changed, segment);
  if (Array.isArray(now)) return segment === '*' ? newItems(now, Array.isArray(was) ? was : []) : [];
  if (Object.getPrototypeOf(now) !== Object.prototype) return [];
  const keys = segment === '*' ? Object.keys(now) : [segment];
  return keys
    .filter((key) => Object.hasOwn(now, key))
    .map((key): Entry => ({ key, value: ownValue(now, key), was: ownValue(was, key) }))
    .filter((entry) => entry.value !== entry.was);
}

/** As a draft has noted it: what it did not touch is not looked at. */
function changedEntries({ base, value, kept, replaced, edits }: ChangedNode, segment: string): readonly Entry[] {
  const isList = Array.isArray(value);
  if (isList && segment !== '*') return [];
  const entries: Entry[] = [];
  for (const inner of kept)
    if (isMeant(inner.key, segment)) entries.push({ key: inner.key, value: inner.value, was: inner.base, changed: inner });
  for (const key of replaced)
    if (typeof key !== 'symbol' && isMeant(key, segment) && Object.hasOwn(value, key))
      entries.push({ key: isList ? Number(key) : key, value: value[key as keyof typeof value], was: ownValue(base, String(key)) });
  const moved = new Set<unknown>(edits.flatMap(({ index, remove }) => base.slice(index, index + remove)));
  for (const { from, to } of edits)
    for (let key = from; key < to; key++) if (!moved.has(value[key])) entries.push({ key, value: value[key], was: undefined });
  return entries;
}

function isMeant(key: string | number, segment: string): boolean {
  return segment === '*' || key === segment;
}

/** What lies between the common beginning and end of two lists, without what only moved. */
function newItems(now: readonly unknown[], was: readonly unknown[]): readonly Entry[] {
  let start = 0;
  while (start < now.length && start < was.length && now[start] === was[start]) start++;
  let [end, wasEnd] = [now.length, was.length];
  for (; end > start && wasEnd > start && now[end - 1] === was[wasEnd - 1]; end--) wasEnd--;
  const known = new Set<unknown>();
  for (let index = start; index < wasEnd; index++) known.add(was[index]);
  const entries: Entry[] = [];
  for (let key = start; key < end; key++) if (!known.has(now[key])) entries.push({ key, value: now[key], was: was[key] });
  return entries;
}

function ownValue(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  return (node as Record<string, unknown>)[key];
}
