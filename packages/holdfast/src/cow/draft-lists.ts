import { stateOf, type DraftState } from './draft-state.ts';

/*
 * What lists do at once instead of item by item through a proxy. Methods that rearrange work on the copy. Those that only look give their callback
 * items that were not drafted yet as they are, frozen: to draft a thousand of them to find one would cost more than all the rest.
 */

type Callback = (item: unknown, index: number, list: unknown) => unknown;
type Method = (this: unknown, ...args: never[]) => unknown;

const LOOKING = ['some', 'every', 'findIndex', 'findLastIndex', 'map', 'flatMap'] as const;

/** By name, without a prototype: a key that a stranger chose finds nothing else. */
export const listMethods: Readonly<Record<string, Method | undefined>> = Object.assign(Object.create(null) as Record<string, Method>, {
  push,
  pop,
  shift,
  unshift,
  splice,
  sort,
  reverse,
  find,
  findLast,
  filter,
  reduce,
  ...Object.fromEntries(LOOKING.map((name) => [name, looking(name)])),
});

/** Notes that an item was put at an index. */
export function noteItem(state: DraftState, index: number, item: unknown): void {
  noteIfDraft(state, item);
  if (index < state.base.length) state.touch(index);
}

function stateOfList(list: unknown): DraftState {
  const state = stateOf(list);
  if (!state?.isList) throw new TypeError('A method of a drafted list was called on something else.');
  return state;
}

function push(this: unknown, ...items: unknown[]): number {
  const state = stateOfList(this);
  const { length } = state.latest;
  if (items.length === 0) return length;
  state.append(items);
  for (const item of items) noteIfDraft(state, item);
  return length + items.length;
}

function pop(this: unknown): unknown {
  const state = stateOfList(this);
  const { length } = state.latest;
  if (length === 0) return undefined;
  const list = length <= state.base.length ? rearranged(state) : state.modified();
  return state.draftOfRemoved(list.pop());
}

function shift(this: unknown): unknown {
  const state = stateOfList(this);
  return state.latest.length === 0 ? undefined : state.draftOfRemoved(rearranged(state).shift());
}

function unshift(this: unknown, ...items: unknown[]): number {
  const state = stateOfList(this);
  return items.length === 0 ? state.latest.length : rearranged(state, items).unshift(...items);
}

/** An absent count means all the rest, an undefined one none: so the arguments are passed on as they came. */
function splice(this: unknown, ...args: [number, number, ...unknown[]]): unknown[] {
  const state = stateOfList(this);
  const removed = rearranged(state, args.slice(2)).splice(...args);
  return removed.map((item) => state.draftOfRemoved(item));
}

function sort(this: unknown, compare?: (a: unknown, b: unknown) => number): unknown {
  rearranged(stateOfList(this)).sort(compare);
  return this;
}

function reverse(this: unknown): unknown {
  rearranged(stateOfList(this)).reverse();
  return this;
}

function find(this: unknown, callback: Callback): unknown {
  const state = stateOfList(this);
  const items: readonly unknown[] = state.items;
  // A loop of its own, here and below: a callback that goes through another function costs twice as much.
  for (let index = 0, { length } = items; index < length; index += 1)
    if (callback(items[index], index, this)) return state.draftAt(String(index));
  return undefined;
}

function findLast(this: unknown, callback: Callback): unknown {
  const state = stateOfList(this);
  const items: readonly unknown[] = state.items;
  for (let index = items.length - 1; index >= 0; index -= 1) if (callback(items[index], index, this)) return state.draftAt(String(index));
  return undefined;
}

function filter(this: unknown, callback: Callback): unknown[] {
  const state = stateOfList(this);
  const found: unknown[] = [];
  const { items } = state;
  for (let index = 0; index < items.length; index += 1) if (callback(items[index], index, this)) found.push(state.draftAt(String(index)));
  return found;
}

function reduce(this: unknown, callback: (sum: unknown, ...item: Parameters<Callback>) => unknown, ...initial: [unknown?]): unknown {
  const { items } = stateOfList(this);
  const step = (sum: unknown, item: unknown, index: number): unknown => callback(sum, item, index, this);
  return initial.length > 0 ? items.reduce(step, initial[0]) : items.reduce(step);
}

function looking(name: (typeof LOOKING)[number]): Method {
  return function look(this: unknown, callback: Callback): unknown {
    const { items } = stateOfList(this);
    return Reflect.apply(Array.prototype[name], items, [(item: unknown, index: number) => callback(item, index, this)]) as unknown;
  };
}

/** The copy of a list whose items move. */
function rearranged(state: DraftState, added: readonly unknown[] = []): unknown[] {
  const list = state.latest && state.modified();
  state.isRearranged = true;
  for (const item of added) noteIfDraft(state, item);
  return list;
}

/** Notes an item that was put in and is a draft. */
function noteIfDraft(state: DraftState, item: unknown): void {
  const inner = stateOf(item);
  if (inner) state.noteDraft(inner);
}
