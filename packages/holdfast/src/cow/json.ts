import { HoldfastError, type ValidationIssue } from '../errors/index.ts';

/** What a state may be made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Whether an instance of a class may stand where it does, as a leaf: a secret where the definition has one. */
export type LeafCheck = (node: object, path: readonly (string | number)[]) => boolean;

/** Deeper values are taken for cyclic. */
export const MAX_DEPTH = 500;
/** The mark of a stored secret: an object of a user's that has it would be shown or erased as if it were one. */
const SECRET_MARK = '$secret';

/** A node with no more values below it is not remembered: to walk over it again costs less than the garbage collector's work for an entry. */
const MAX_LIGHT = 32;

/** Nodes of pure JSON that were checked and frozen before, so that sharing them again costs one look-up. */
const verified = new WeakSet<object>();

/** Whether the value is remembered as checked and frozen with all that is in it, and holds no leaf; light ones are not. */
export function isVerified(value: object): boolean {
  return verified.has(value);
}

/** New nodes made from verified ones, with the keys at which they hold something else: only there is anything to be checked. */
export type NewKeys = ReadonlyMap<object, readonly PropertyKey[]>;

interface Walk {
  readonly isLeaf: LeafCheck | undefined;
  /** Read from the store, where the mark of a secret may stand: in a value of a newer version, say. It does not get from there into another value. */
  readonly isStored: boolean;
  readonly newKeys: NewKeys | undefined;
  readonly path: (string | number)[];
  /** Nodes to be remembered. */
  readonly plain: object[];
  /** Nodes that are looked at each time: light ones, and those with leaves or marks below them: where those may stand depends on the path. */
  readonly looked: object[];
  leaves: number;
  /** Values met. */
  values: number;
}

/**
 * Freezes every node that was not seen before and checks that the value is JSON: plain objects and arrays, finite numbers,
 * no `undefined`, no `__proto__` key, and leaves that `isLeaf` lets pass. Costs what is new, not what is there. Nodes are frozen only when
 * all of the value is JSON.
 * @returns the first problem with its path, or undefined when the value is JSON and frozen.
 */
export function freezeJson(value: unknown, isLeaf?: LeafCheck, newKeys?: NewKeys): ValidationIssue | undefined {
  return freeze({ isLeaf, newKeys, isStored: false, path: [], plain: [], looked: [], leaves: 0, values: 0 }, value);
}

/** Freezes a value that JSON.parse made and nobody else holds; nothing needs to be checked but `__proto__`. */
export function freezeParsed<T>(value: T, isLeaf?: LeafCheck): T {
  const issue = freeze({ isLeaf, newKeys: undefined, isStored: true, path: [], plain: [], looked: [], leaves: 0, values: 0 }, value);
  if (issue)
    throw new HoldfastError('CORRUPT_STATE', `A stored value is not acceptable at ${issue.path.join('.')}: ${issue.message}.`, {
      what: issue.path.join('.'),
    });
  return value;
}

/** Whether it is an array or an object of no class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

function freeze(walk: Walk, value: unknown): ValidationIssue | undefined {
  const issue = visit(value, walk);
  if (issue) return issue;
  for (const node of walk.looked) Object.freeze(node);
  for (const node of walk.plain) {
    Object.freeze(node);
    verified.add(node);
  }
  return undefined;
}

function visit(value: unknown, walk: Walk): ValidationIssue | undefined {
  walk.values += 1;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : issueAt(walk, `${value} is not a finite number`);
    case 'object':
      if (value === null || verified.has(value)) return undefined;
      return visitNode(value, walk);
    default:
      return issueAt(walk, `${typeof value} is not JSON`);
  }
}

function visitNode(node: object, walk: Walk): ValidationIssue | undefined {
  const { path } = walk;
  if (path.length > MAX_DEPTH) return { path: path.slice(0, 8), message: `is nested more than ${MAX_DEPTH} deep, or refers to itself` };
  const { leaves, values } = walk;
  const issue = Array.isArray(node) ? visitItems(node, walk) : visitObject(node, walk);
  if (issue) return issue;
  const isLight = walk.values - values <= MAX_LIGHT && !walk.newKeys?.has(node);
  if (walk.leaves === leaves && !isLight) walk.plain.push(node);
  else if (isPlain(node)) walk.looked.push(node);
  return undefined;
}

function visitItems(items: readonly unknown[], walk: Walk): ValidationIssue | undefined {
  for (const key of walk.newKeys?.get(items) ?? items.keys()) {
    const issue = visitAt(items[key as number], key as number, walk);
    if (issue) return issue;
  }
  return undefined;
}

function visitAt(value: unknown, key: string | number, walk: Walk): ValidationIssue | undefined {
  walk.path.push(key);
  const issue = visit(value, walk);
  if (!issue) walk.path.pop();
  return issue;
}

function visitObject(node: object, walk: Walk): ValidationIssue | undefined {
  const prototype: unknown = Object.getPrototypeOf(node);
  if (prototype !== Object.prototype) {
    if (prototype === null) return issueAt(walk, 'an object without a prototype is not a plain object');
    if (!walk.isLeaf?.(node, walk.path))
      return issueAt(
        walk,
        `a ${constructorName(node)} is not a plain object; only a Secret may stand in a state, at a path that its definition lists in \`secrets\``,
      );
    walk.leaves += 1;
    return undefined;
  }
  for (const key of walk.newKeys?.get(node) ?? keysOf(node)) {
    if (typeof key === 'symbol') return issueAt(walk, 'a symbol key is not JSON');
    // One that was removed is among the keys of what changed.
    if (!Object.hasOwn(node, key)) continue;
    if (key === '__proto__') return { path: [...walk.path, key], message: 'the key is not allowed' };
    if (key === SECRET_MARK) {
      if (!walk.isStored) return { path: [...walk.path, key], message: 'the key is the engine’s own mark of a secret; use another name' };
      walk.leaves += 1;
    }
    const issue = visitAt((node as Record<string | number, unknown>)[key], key, walk);
    if (issue) return issue;
  }
  return undefined;
}

/** As `Reflect.ownKeys`, in a fraction of its time where there are no symbols: what is not enumerable is no part of JSON. */
function keysOf(node: object): readonly PropertyKey[] {
  const keys = Object.keys(node);
  const symbols = Object.getOwnPropertySymbols(node);
  return symbols.length === 0 ? keys : [...keys, ...symbols];
}

function issueAt({ path }: Walk, message: string): ValidationIssue {
  return { path: [...path], message };
}

function constructorName(node: object): string {
  const constructor: unknown = node.constructor;
  return typeof constructor === 'function' ? constructor.name || 'class instance' : 'class instance';
}
