import type { StandardSchemaV1 } from '@standard-schema/spec';
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
}

/**
 * What the items at the paths of `each` have against their schemas; undefined when all fit. Items that are in `was`, at the same path, are known to fit:
 * they are the same node as before, wherever in the list. Costs a comparison for each item of a list that changed, and a check for each that is new.
 */
export function eachIssues(each: EachItem, now: unknown, was?: unknown): readonly ValidationIssue[] | undefined {
  const issues: ValidationIssue[] = [];
  for (const [text, schema] of Object.entries(each)) check(now, was, pathPattern(text).segments, [], schema, issues);
  return issues.length > 0 ? issues : undefined;
}

function check(
  now: unknown,
  was: unknown,
  segments: readonly string[],
  path: readonly (string | number)[],
  schema: StandardSchemaV1,
  issues: ValidationIssue[],
): void {
  const segment = segments[path.length];
  for (const { key, value, was: before } of newEntries(now, was, segment)) {
    if (segment !== undefined) check(value, before, segments, [...path, key], schema, issues);
    else for (const issue of schemaIssues(schema, value) ?? []) issues.push({ ...issue, path: [...path, key, ...issue.path] });
  }
}

/** What is new under a key of the node, or under any for `*` and behind the last segment. */
function newEntries(now: unknown, was: unknown, segment = '*'): readonly Entry[] {
  if (now === was || typeof now !== 'object' || now === null) return [];
  if (Array.isArray(now)) return segment === '*' ? newItems(now, Array.isArray(was) ? was : []) : [];
  if (Object.getPrototypeOf(now) !== Object.prototype) return [];
  const keys = segment === '*' ? Object.keys(now) : [segment];
  return keys
    .filter((key) => Object.hasOwn(now, key))
    .map((key): Entry => ({ key, value: ownValue(now, key), was: ownValue(was, key) }))
    .filter((entry) => entry.value !== entry.was);
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
