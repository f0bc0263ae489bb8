import type { ChangedNode, Container } from './changed-node.ts';
import { addDifference } from './difference.ts';
import { stateOf, type DraftState } from './draft-state.ts';
import { isPlain, isVerified, keyList, MAX_DEPTH } from './json.ts';
import { removeKey } from './key-set.ts';
import { listEdits } from './list-edits.ts';
import type { Patch } from './patch.ts';
import { isSameJson } from './same-json.ts';

const NOTHING: readonly never[] = [];

/** The value of a draft after its recipe, with no drafts in it any more; what did not change is shared, all of it if nothing did. */
export function finishedValue(state: DraftState): Container {
  const { base, copy } = state;
  if (!state.isModified || !copy) return base;
  if (state.finished) return state.finished;
  // A draft that was put into itself comes by here again: the value refers to itself then, and is refused when it is checked.
  state.finished = copy;
  state.changed = state.isRearranged ? finishedList(state, copy) : finishedInPlace(state, copy);
  state.finished = state.changed ? copy : base;
  return state.finished;
}

/** Adds the patches of a node and of those below it, to which the first `depth` of the `keys` lead. */
export function addPatches(node: ChangedNode, patches: Patch[], keys: (string | number)[] = keyList(), depth: number = 0): void {
  const { value, kept, replaced, edits } = node;
  for (const { index, remove, from, to } of edits)
    patches.push({ op: 'splice', path: keys.slice(0, depth), index, remove, items: value.slice(from, to) });
  for (const inner of kept) {
    keys[depth] = inner.key;
    addPatches(inner, patches, keys, depth + 1);
  }
  for (const key of replaced) {
    keys[depth] = typeof key === 'symbol' ? key.toString() : key;
    addReplacement(node, keys.slice(0, depth + 1), key, patches);
  }
}

/** Most lists here get one item: an empty one that is pushed to takes room for 17. */
function plus<Item>(list: Item[] | undefined, item: Item): Item[] {
  if (!list) return [item];
  list.push(item);
  return list;
}

/** A record, or a list whose items kept their places. */
function finishedInPlace(state: DraftState, copy: Container): ChangedNode | undefined {
  const { base, isList, drafts, touched } = state;
  const readded = state.readded && isReordered(base, copy) ? state.readded : undefined;
  let kept: ChangedNode[] | undefined;
  let replaced: PropertyKey[] | undefined;
  const was: Record<PropertyKey, unknown> = base;
  const is: Record<PropertyKey, unknown> = copy;
  if (drafts)
    for (const inner of drafts) {
      const { key } = inner;
      if (inner.parent !== state || key === undefined || is[key] !== inner.proxy || readded?.has(key)) continue;
      is[key] = finishedValue(inner);
      removeKey(touched, key);
      if (inner.changed) kept = plus(kept, inner.changed);
    }
  if (touched)
    for (const key of touched) {
      const wasThere = Object.hasOwn(base, key);
      if (!Object.hasOwn(copy, key)) {
        if (wasThere) replaced = plus(replaced, key);
        continue;
      }
      is[key] = withoutDrafts(is[key]);
      const isSame = wasThere && isSameJson(was[key], is[key]);
      if (isSame) is[key] = was[key];
      if (!isSame || readded?.has(key)) replaced = plus(replaced, key);
    }
  const added = isList && copy.length > base.length ? [{ index: base.length, remove: 0, from: base.length, to: copy.length }] : NOTHING;
  return changedNode({
    base,
    value: copy,
    key: state.key ?? '',
    kept: kept ?? NOTHING,
    replaced: replaced ?? NOTHING,
    readded,
    edits: added,
  });
}

/** Whether the keys of before do not stand first and in their order any more. */
function isReordered(base: Container, copy: Container): boolean {
  const keys = Object.keys(copy);
  return Object.keys(base).some((key, index) => key !== keys[index]);
}

/** A list whose items moved: compared by which item is where. */
function finishedList({ base, key, drafts = [] }: DraftState, copy: Container): ChangedNode | undefined {
  const inners = new Map<unknown, DraftState>(drafts.map((inner) => [inner.proxy, inner]));
  const origin = (item: unknown): unknown => inners.get(item)?.base ?? item;
  // Spread, because the items of a frozen list are read ten times as slowly.
  const edits = listEdits([...base], inners.size === 0 ? copy : Array.from(copy, origin));
  const kept: ChangedNode[] = [];
  for (let index = 0; inners.size > 0 && index < copy.length; index += 1) {
    const inner = inners.get(copy[index]);
    if (!inner) continue;
    copy[index] = finishedValue(inner);
    if (inner.changed && !edits.some(({ from, to }) => index >= from && index < to)) kept.push({ ...inner.changed, key: index });
  }
  return changedNode({ base, value: copy, key: key ?? '', kept, replaced: NOTHING, edits });
}

/** The node with no drafts in what was put into it; undefined when nothing changed. */
function changedNode(node: ChangedNode): ChangedNode | undefined {
  const { value, kept, replaced, edits } = node;
  for (const { from, to } of edits) for (let index = from; index < to; index += 1) value[index] = withoutDrafts(value[index]);
  return kept.length + replaced.length + edits.length > 0 ? node : undefined;
}

function addReplacement(
  { base, value, readded }: ChangedNode,
  path: readonly (string | number)[],
  key: PropertyKey,
  patches: Patch[],
): void {
  const was: unknown = base[key as keyof Container];
  const is: unknown = value[key as keyof Container];
  if (!Object.hasOwn(value, key)) patches.push({ op: 'remove', path });
  else if (!Object.hasOwn(base, key)) patches.push({ op: 'add', path, value: is });
  else if (readded?.has(key)) patches.push({ op: 'remove', path }, { op: 'add', path, value: is });
  else addDifference(was, is, path, patches);
}

/** A new value with the drafts that the recipe put into it replaced by their values. */
function withoutDrafts(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || isVerified(value)) return value;
  const state = stateOf(value);
  if (state) return finishedValue(state);
  if (!isPlain(value) || depth > MAX_DEPTH) return value;
  let target = value as Record<PropertyKey, unknown>;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const inner = target[key];
    const resolved = withoutDrafts(inner, depth + 1);
    if (Object.is(resolved, inner)) continue;
    if (Object.isFrozen(target)) target = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<PropertyKey, unknown>;
    target[key] = resolved;
  }
  return target;
}
