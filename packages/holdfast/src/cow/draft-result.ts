import { addDifference } from './difference.ts';
import { stateOf, type Container, type DraftState, type FinishedState } from './draft-state.ts';
import { isPlain, isVerified, MAX_DEPTH } from './json.ts';
import { listEdits } from './list-edits.ts';
import type { Patch } from './patch.ts';
import { isSameJson } from './same-json.ts';

/** The value of a draft after its recipe, with no drafts in it any more; what did not change is shared, all of it if nothing did. */
export function finishedValue(state: DraftState): unknown {
  const { base, copy } = state;
  if (!state.isModified || !copy) return base;
  if (state.finished) return state.finished.value;
  // A draft that was put into itself comes by here again: the value refers to itself then, and is refused when it is checked.
  state.finished = { value: copy, kept: [], replaced: [], edits: [] };
  const finished = state.isRearranged ? finishedList(state, copy) : finishedInPlace(state, copy);
  const isChanged = finished.kept.length + finished.replaced.length + finished.edits.length > 0;
  state.finished = isChanged ? finished : { ...finished, value: base };
  if (isChanged && isVerified(base)) state.scope.newKeys.set(copy, newKeys(finished));
  return state.finished.value;
}

/** Adds the patches that lead from the draft's base to its finished value. */
export function addPatches({ finished, base }: DraftState, path: readonly (string | number)[], patches: Patch[]): void {
  if (!finished) return;
  const { value, kept, replaced, edits } = finished;
  for (const { index, remove, from, to } of edits) patches.push({ op: 'splice', path, index, remove, items: value.slice(from, to) });
  for (const [key, inner] of kept) addPatches(inner, [...path, key], patches);
  for (const key of replaced) addReplacement(base, value, path, key, patches);
}

/** A record, or a list whose items kept their places. */
function finishedInPlace({ base, isList, touched = new Set() }: DraftState, copy: Container): FinishedState {
  const kept: (readonly [string | number, DraftState])[] = [];
  const replaced: PropertyKey[] = [];
  const was: Record<PropertyKey, unknown> = base;
  const is: Record<PropertyKey, unknown> = copy;
  for (const key of touched) {
    const isThere = Object.hasOwn(copy, key);
    const inner = isThere ? stateOf(is[key]) : undefined;
    if (isThere) is[key] = inner ? finishedValue(inner) : withoutDrafts(is[key]);
    const wasThere = Object.hasOwn(base, key);
    if (!wasThere) {
      if (isThere && !isList) replaced.push(key);
    } else if (!isThere) replaced.push(key);
    else if (inner && inner.base === was[key]) {
      if (is[key] !== was[key]) kept.push([isList ? Number(key) : (key as string), inner]);
    } else if (isSameJson(was[key], is[key])) is[key] = was[key];
    else replaced.push(isList ? Number(key) : key);
  }
  const isLonger = isList && copy.length > base.length;
  return { value: copy, kept, replaced, edits: isLonger ? [{ index: base.length, remove: 0, from: base.length, to: copy.length }] : [] };
}

/** A list whose items moved: compared by which item is where. */
function finishedList({ base, drafts = [] }: DraftState, copy: Container): FinishedState {
  const inners = new Map<unknown, DraftState>(drafts.map((inner) => [inner.proxy, inner]));
  const origin = (item: unknown): unknown => inners.get(item)?.base ?? item;
  const edits = listEdits(base, inners.size === 0 ? copy : Array.from(copy, origin));
  const kept: (readonly [number, DraftState])[] = [];
  for (let index = 0; inners.size > 0 && index < copy.length; index += 1) {
    const inner = inners.get(copy[index]);
    if (!inner) continue;
    copy[index] = finishedValue(inner);
    if (copy[index] !== inner.base && !edits.some(({ from, to }) => index >= from && index < to)) kept.push([index, inner]);
  }
  for (const { from, to } of edits) for (let index = from; index < to; index += 1) copy[index] = withoutDrafts(copy[index]);
  return { value: copy, kept, replaced: [], edits };
}

/** Where the finished value has something that its base did not. */
function newKeys({ kept, replaced, edits }: FinishedState): readonly PropertyKey[] {
  const keys: PropertyKey[] = [...replaced, ...kept.map(([key]) => key)];
  for (const { from, to } of edits) for (let index = from; index < to; index += 1) keys.push(index);
  return keys;
}

function addReplacement(
  base: Container,
  value: Container,
  parentPath: readonly (string | number)[],
  key: PropertyKey,
  patches: Patch[],
): void {
  const was: unknown = base[key as keyof Container];
  const is: unknown = value[key as keyof Container];
  const path = [...parentPath, typeof key === 'symbol' ? key.toString() : key];
  if (!Object.hasOwn(value, key)) patches.push({ op: 'remove', path });
  else if (!Object.hasOwn(base, key)) patches.push({ op: 'add', path, value: is });
  else addDifference(was, is, path, patches);
}

/** A new value with the drafts that the recipe put into it replaced by their values. */
function withoutDrafts(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || isVerified(value)) return value;
  const state = stateOf(value);
  if (state) return finishedValue(state);
  if (!isPlain(value) || depth > MAX_DEPTH) return value;
  let target = value as Record<PropertyKey, unknown>;
  for (const key of Reflect.ownKeys(value)) {
    const inner = target[key];
    const resolved = withoutDrafts(inner, depth + 1);
    if (Object.is(resolved, inner)) continue;
    if (Object.isFrozen(target)) target = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<PropertyKey, unknown>;
    target[key] = resolved;
  }
  return target;
}
