import { copyRecord } from './record-copy.ts';

type Path = readonly (string | number)[];

/**
 * One step from a version to the next. `path` leads to what is set or removed; of a `splice` to the list, of an `append` to the text that grows.
 * Keys that are numbers are indices.
 */
export type Patch =
  | { readonly op: 'add' | 'replace'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Path }
  /** Takes `remove` items out at `index` and puts `items` there. */
  | { readonly op: 'splice'; readonly path: Path; readonly index: number; readonly remove: number; readonly items: readonly unknown[] }
  | { readonly op: 'append'; readonly path: Path; readonly value: string };

type Container = Record<string | number, unknown>;

/**
 * Applies patches to a value that may be changed: one fresh from JSON.parse. Only own keys are followed, so no path reaches a prototype.
 * Throws a TypeError on a path that leads nowhere; a record whose checksum holds has none.
 */
export function applyPatches(root: unknown, patches: readonly Patch[]): void {
  for (const patch of patches) apply(patch, (path) => follow(root, path));
}

/** The value after the patches; what they do not touch is shared with `base`, which stays as it is. */
export function patched(base: object, patches: readonly Patch[]): unknown {
  const own = new Set<unknown>();
  const ownCopy = (node: object): object => {
    if (own.has(node)) return node;
    const copy = Array.isArray(node) ? [...(node as unknown[])] : copyRecord(node);
    own.add(copy);
    return copy;
  };
  const root = ownCopy(base);
  for (const patch of patches)
    apply(patch, (path) => {
      let node = root as Container;
      for (const [depth, key] of path.entries()) {
        const copy = ownCopy(container(ownValue(node, key, path), path.slice(0, depth + 1)));
        node[key] = copy;
        node = copy as Container;
      }
      return node;
    });
  return root;
}

function apply(patch: Patch, containerAt: (path: Path) => object): void {
  if (patch.op === 'splice') return spliceList(containerAt(patch.path), patch);
  const { path } = patch;
  const key = path.at(-1);
  if (key === undefined) throw new TypeError(`A patch of the kind ${patch.op} has an empty path.`);
  const parent = containerAt(path.slice(0, -1));
  if (Array.isArray(parent)) patchItem(parent, patch, Number(key));
  else patchRecord(parent as Container, patch, key);
}

function spliceList(list: object, { path, index, remove, items }: Extract<Patch, { op: 'splice' }>): void {
  if (!Array.isArray(list) || index < 0 || remove < 0 || index + remove > list.length)
    throw new TypeError(`A patch's splice does not fit its list: ${path.join('.')}.`);
  // What most patches do: it costs a fifth of the splice.
  if (index === list.length) list.push(...items);
  else list.splice(index, remove, ...items);
}

function patchItem(list: unknown[], patch: Exclude<Patch, { op: 'splice' }>, index: number): void {
  const isEnd = patch.op === 'add' && index === list.length;
  if (!Number.isSafeInteger(index) || index < 0 || (index >= list.length && !isEnd))
    throw new TypeError(`A patch's index is outside of its list: ${patch.path.join('.')}.`);
  if (patch.op === 'add') list.splice(index, 0, patch.value);
  else if (patch.op === 'remove') list.splice(index, 1);
  else list[index] = patch.op === 'append' ? appended(list[index], patch) : patch.value;
}

function patchRecord(record: Container, patch: Exclude<Patch, { op: 'splice' }>, key: string | number): void {
  if (key === '__proto__') throw new TypeError('A patch may not name __proto__.');
  if (patch.op === 'remove') delete record[key];
  else if (patch.op === 'append') record[key] = appended(ownValue(record, key, patch.path), patch);
  else record[key] = patch.value;
}

function appended(text: unknown, { path, value }: Extract<Patch, { op: 'append' }>): string {
  if (typeof text !== 'string') throw new TypeError(`A patch appends to what is no text: ${path.join('.')}.`);
  return text + value;
}

function follow(root: unknown, path: Path): object {
  let node = root;
  for (const key of path) node = ownValue(node, key, path);
  return container(node, path);
}

function container(node: unknown, path: Path): object {
  if (typeof node !== 'object' || node === null) throw new TypeError(`A patch's path leads nowhere: ${path.join('.')}.`);
  return node;
}

function ownValue(node: unknown, key: string | number, path: Path): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key))
    throw new TypeError(`A patch's path leads nowhere: ${path.join('.')}.`);
  return (node as Container)[key];
}
