/** One step from a version to the next. `path` is never empty: a value replaced as a whole is a `full` change. */
export interface Patch {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

type Container = Record<string | number, unknown>;

/**
 * Applies patches to a value that may be changed: one fresh from JSON.parse, or a draft. In arrays `add` inserts, `remove` closes the gap
 * and replacing `length` truncates. Only own properties are followed, so no path reaches a prototype.
 * Throws a TypeError on a path that leads nowhere; a record whose checksum holds has none.
 */
export function applyPatches(root: unknown, patches: readonly Patch[]): void {
  for (const { op, path, value } of patches) {
    const key = path.at(-1);
    if (key === undefined) throw new TypeError('A patch has an empty path.');
    const parent = follow(root, path);
    if (Array.isArray(parent)) patchArray(parent, op, key, value);
    else patchObject(parent, op, key, value);
  }
}

function follow(root: unknown, path: readonly (string | number)[]): Container {
  let node = root;
  for (let depth = 0; depth < path.length - 1; depth++) node = ownValue(node, path[depth] as string | number, path);
  if (typeof node !== 'object' || node === null) throw new TypeError(`A patch's path leads nowhere: ${path.join('.')}.`);
  return node as Container;
}

function ownValue(node: unknown, key: string | number, path: readonly (string | number)[]): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key))
    throw new TypeError(`A patch's path leads nowhere: ${path.join('.')}.`);
  return (node as Container)[key];
}

function patchArray(array: unknown[], op: Patch['op'], key: string | number, value: unknown): void {
  if (key === 'length') {
    array.length = value as number;
    return;
  }
  const index = Number(key);
  if (!Number.isSafeInteger(index) || index < 0 || index > array.length)
    throw new TypeError(`A patch's index is outside of its array: ${key}.`);
  if (op === 'add') array.splice(index, 0, value);
  else if (op === 'remove') array.splice(index, 1);
  else array[index] = value;
}

function patchObject(object: Container, op: Patch['op'], key: string | number, value: unknown): void {
  if (key === '__proto__') throw new TypeError('A patch may not name __proto__.');
  if (op === 'remove') delete object[key];
  else object[key] = value;
}
