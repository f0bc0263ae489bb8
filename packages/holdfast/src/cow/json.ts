import { HoldfastError, type ValidationIssue } from '../errors/index.ts';

/** What a state may be made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper values are taken for cyclic. */
const MAX_DEPTH = 500;

/** Nodes that were checked and frozen before, so that sharing them again costs one look-up. */
const verified = new WeakSet<object>();

/**
 * Freezes every node that was not seen before and checks that the value is JSON: plain objects and arrays, finite numbers,
 * no `undefined`, no `__proto__` key. Costs what is new, not what is there. Nodes are frozen only when all of the value is JSON.
 * @returns the first problem with its path, or undefined when the value is JSON and frozen.
 */
export function freezeJson(value: unknown): ValidationIssue | undefined {
  const fresh: object[] = [];
  const issue = visit(value, [], fresh);
  if (issue) return issue;
  for (const node of fresh) {
    Object.freeze(node);
    verified.add(node);
  }
  return undefined;
}

/** Freezes a value that JSON.parse made and nobody else holds; nothing needs to be checked but `__proto__`. */
export function freezeParsed<T>(value: T): T {
  const issue = freezeJson(value);
  if (issue)
    throw new HoldfastError('CORRUPT_STATE', `A stored value is not acceptable at ${issue.path.join('.')}: ${issue.message}.`, {
      what: issue.path.join('.'),
    });
  return value;
}

function visit(value: unknown, path: (string | number)[], fresh: object[]): ValidationIssue | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { path: [...path], message: `${value} is not a finite number` };
    case 'object':
      if (value === null || verified.has(value)) return undefined;
      return visitNode(value, path, fresh);
    default:
      return { path: [...path], message: `${typeof value} is not JSON` };
  }
}

function visitNode(node: object, path: (string | number)[], fresh: object[]): ValidationIssue | undefined {
  if (path.length > MAX_DEPTH) return { path: path.slice(0, 8), message: `is nested more than ${MAX_DEPTH} deep, or refers to itself` };
  fresh.push(node);
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) {
      path.push(index);
      const issue = visit(node[index], path, fresh);
      if (issue) return issue;
      path.pop();
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(node);
  if (prototype !== Object.prototype)
    return {
      path: [...path],
      message: `${prototype === null ? 'an object without a prototype' : `a ${constructorName(node)}`} is not a plain object`,
    };
  for (const key of Reflect.ownKeys(node)) {
    if (typeof key === 'symbol') return { path: [...path], message: 'a symbol key is not JSON' };
    path.push(key);
    if (key === '__proto__') return { path: [...path], message: 'the key is not allowed' };
    const issue = visit((node as Record<string, unknown>)[key], path, fresh);
    if (issue) return issue;
    path.pop();
  }
  return undefined;
}

function constructorName(node: object): string {
  const constructor: unknown = node.constructor;
  return typeof constructor === 'function' ? constructor.name || 'class instance' : 'class instance';
}
