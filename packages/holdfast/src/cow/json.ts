import { HoldfastError, type ValidationIssue } from '../errors/index.ts';
import type { ChangedNode } from './changed-node.ts';
import { noteForeign } from './record-copy.ts';

/** What a state may be made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Whether an instance of a class may stand where it does, as a leaf: a secret where the definition has one. */
export type LeafCheck = (node: object, path: readonly (string | number)[]) => boolean;

/** Deeper values are taken for cyclic. */
export const MAX_DEPTH = 500;
/** The mark of a stored secret: an object of a user's that has it would be shown or erased as if it were one. */
const SECRET_MARK = '$secret';

/** A node with no more values to be met in it is not remembered: to walk over it again costs less than the garbage collector's work for an entry. */
const MAX_LIGHT = 32;

/** Nodes of pure JSON that were checked and frozen before, so that sharing them again costs one look-up. */
const verified = new WeakSet<object>();

/** Whether the value is remembered as checked and frozen with all that is in it, and holds no leaf; light ones are not. */
export function isVerified(value: object): boolean {
  return verified.has(value);
}

/** Changed nodes that are where they were, by key. */
type Kept = ReadonlyMap<PropertyKey, ChangedNode> | undefined;

interface Walk {
  readonly isLeaf: LeafCheck | undefined;
  /** Read from the store, where the mark of a secret may stand: in a value of a newer version, say. It does not get from there into another value. */
  readonly isStored: boolean;
  /** The keys that lead to where it is are the first `depth` of these. */
  readonly keys: (string | number)[];
  depth: number;
  /** Nodes to be remembered. */
  readonly plain: object[];
  /** Nodes that are looked at each time: light ones, and those with leaves or marks below them: where those may stand depends on the path. */
  readonly looked: object[];
  leaves: number;
  /** Values met that would be met again, without those in nodes that are remembered. */
  values: number;
}

/**
 * Freezes every node that was not seen before and checks that the value is JSON: plain objects and arrays, finite numbers,
 * no `undefined`, no `__proto__` key, and leaves that `isLeaf` lets pass. Costs what is new, not what is there. What a recipe put in is frozen only
 * when all of the value is JSON.
 * @param changed how a draft made it of a value that was frozen here: spares it the look at all else.
 * @returns the first problem with its path, or undefined when the value is JSON and frozen.
 */
export function freezeJson(value: unknown, isLeaf?: LeafCheck, changed?: ChangedNode): ValidationIssue | undefined {
  return freeze(value, isLeaf, false, changed);
}

/** Freezes a value that JSON.parse made and nobody else holds; nothing needs to be checked but `__proto__`. */
export function freezeParsed<T>(value: T, isLeaf?: LeafCheck): T {
  const issue = freeze(value, isLeaf, true);
  if (issue)
    throw new HoldfastError('CORRUPT_STATE', `A stored value is not acceptable at ${issue.path.join('.')}: ${issue.message}.`, {
      what: issue.path.join('.'),
    });
  return value;
}

/** For the keys on the way down a value, by depth: has room for the first ones, where a list that is pushed to takes it for 17. */
export function keyList(): (string | number)[] {
  // oxlint-disable-next-line unicorn/no-new-array -- Array.from takes 20 times as long
  return new Array<string | number>(8);
}

/** Whether it is an array or an object of no class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** As `isPlain` where all is JSON but leaves, for nearly all in a tenth of the time: to ask for its prototype costs as much as to compare a small record. */
export function isPlainJson(value: object): boolean {
  return value.constructor === Object || isPlain(value);
}

function freeze(value: unknown, isLeaf: LeafCheck | undefined, isStored: boolean, changed?: ChangedNode): ValidationIssue | undefined {
  const walk: Walk = { isLeaf, isStored, keys: keyList(), depth: 0, plain: [], looked: [], leaves: 0, values: 0 };
  const issue = visit(value, walk, changed);
  if (issue) return issue;
  for (const node of walk.looked) Object.freeze(node);
  for (const node of walk.plain) {
    Object.freeze(node);
    verified.add(node);
  }
  return undefined;
}

function visitAt(value: unknown, key: string | number, walk: Walk, changed?: ChangedNode): ValidationIssue | undefined {
  walk.values += 1;
  if (typeof value === 'string') return undefined;
  walk.keys[walk.depth++] = key;
  const issue = visit(value, walk, changed);
  walk.depth -= 1;
  return issue;
}

function visit(value: unknown, walk: Walk, changed: ChangedNode | undefined): ValidationIssue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : issueAt(walk, `${value} is not a finite number`);
    case 'object':
      if (value === null || (!changed && verified.has(value))) return undefined;
      return visitNode(value, walk, changed);
    default:
      return issueAt(walk, `${typeof value} is not JSON`);
  }
}

function visitNode(node: object, walk: Walk, changed: ChangedNode | undefined): ValidationIssue | undefined {
  const { isLeaf, leaves, values } = walk;
  if (walk.depth > MAX_DEPTH) return { path: walk.keys.slice(0, 8), message: `is nested more than ${MAX_DEPTH} deep, or refers to itself` };
  const isCopy = changed?.value === node;
  const wasVerified = isCopy && verified.has(changed.base);
  // Where there may be leaves below, those which stay are looked at again, too.
  const isMadeOfKnown = wasVerified || (isCopy && !isLeaf);
  if (!isMadeOfKnown && isInstance(node)) return visitInstance(node, walk);
  const kept = changed && !isMadeOfKnown ? new Map<PropertyKey, ChangedNode>(changed.kept.map((inner) => [inner.key, inner])) : undefined;
  const issue = isMadeOfKnown
    ? visitChanged(changed, walk)
    : Array.isArray(node)
      ? visitItems(node, walk, kept)
      : visitKeys(node, walk, kept);
  if (issue) return issue;
  const isHeavy = wasVerified || (!isMadeOfKnown && walk.values - values > MAX_LIGHT);
  if (walk.leaves > leaves || !isHeavy) {
    // The copy that a draft made is nobody else's, whatever is found behind it.
    if (isCopy) Object.freeze(node);
    else walk.looked.push(node);
  } else {
    walk.plain.push(node);
    // Nothing of it is walked over again with what it is in.
    walk.values = values;
  }
  return undefined;
}

function visitChanged({ value, kept, replaced, edits }: ChangedNode, walk: Walk): ValidationIssue | undefined {
  for (const inner of kept) {
    walk.keys[walk.depth++] = inner.key;
    const issue = visitNode(inner.value, walk, inner);
    walk.depth -= 1;
    if (issue) return issue;
  }
  for (const key of replaced) {
    // One that was removed is among them.
    const issue = Object.hasOwn(value, key) ? visitKey(value, key, walk) : undefined;
    if (issue) return issue;
  }
  for (const { from, to } of edits)
    for (let index = from; index < to; index += 1) {
      const issue = visitAt(value[index], index, walk);
      if (issue) return issue;
    }
  return undefined;
}

function visitItems(items: readonly unknown[], walk: Walk, kept: Kept): ValidationIssue | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const issue = visitAt(items[index], index, walk, kept?.get(index));
    if (issue) return issue;
  }
  return undefined;
}

function visitKeys(record: object, walk: Walk, kept: Kept): ValidationIssue | undefined {
  // JSON.parse makes no symbols.
  const keys = walk.isStored ? Object.keys(record) : keysOf(record);
  // What a draft copied stays fast to be copied.
  if (!kept) noteForeign(record, keys.length);
  for (const key of keys) {
    // Most values are texts: they cost no call.
    if (typeof (record as Record<PropertyKey, unknown>)[key] === 'string' && isOrdinary(key)) walk.values += 1;
    else {
      const issue = visitKey(record, key, walk, kept?.get(key));
      if (issue) return issue;
    }
  }
  return undefined;
}

function isOrdinary(key: PropertyKey): boolean {
  return typeof key === 'string' && key !== '__proto__' && key !== SECRET_MARK;
}

function visitKey(record: object, key: PropertyKey, walk: Walk, changed?: ChangedNode): ValidationIssue | undefined {
  if (typeof key === 'symbol') return issueAt(walk, 'a symbol key is not JSON');
  if (key === '__proto__') return { path: [...pathOf(walk), key], message: 'the key is not allowed' };
  if (key === SECRET_MARK) {
    if (!walk.isStored) return { path: [...pathOf(walk), key], message: 'the key is the engine’s own mark of a secret; use another name' };
    walk.leaves += 1;
  }
  return visitAt((record as Record<string | number, unknown>)[key], key, walk, changed);
}

function isInstance(node: object): boolean {
  const prototype = Object.getPrototypeOf(node) as unknown;
  return prototype !== Object.prototype && !Array.isArray(node);
}

function visitInstance(node: object, walk: Walk): ValidationIssue | undefined {
  if (Object.getPrototypeOf(node) === null) return issueAt(walk, 'an object without a prototype is not a plain object');
  if (!walk.isLeaf?.(node, pathOf(walk)))
    return issueAt(
      walk,
      `a ${constructorName(node)} is not a plain object; only a Secret may stand in a state, at a path that its definition lists in \`secrets\``,
    );
  walk.leaves += 1;
  return undefined;
}

/** As `Reflect.ownKeys`, in a fraction of its time where there are no symbols: what is not enumerable is no part of JSON. */
function keysOf(node: object): readonly PropertyKey[] {
  const keys = Object.keys(node);
  const symbols = Object.getOwnPropertySymbols(node);
  return symbols.length === 0 ? keys : [...keys, ...symbols];
}

function issueAt(walk: Walk, message: string): ValidationIssue {
  return { path: pathOf(walk), message };
}

function pathOf({ keys, depth }: Walk): (string | number)[] {
  return keys.slice(0, depth);
}

function constructorName(node: object): string {
  const constructor: unknown = node.constructor;
  return typeof constructor === 'function' ? constructor.name || 'class instance' : 'class instance';
}
