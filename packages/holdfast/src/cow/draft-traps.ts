import { listMethods, noteItem } from './draft-lists.ts';
import { STATE, type DraftState } from './draft-state.ts';
import { addKey, deleteKey } from './record-copy.ts';

const { hasOwn } = Object;

/** Nothing of a prototype can be reached through a record, so that no key that a stranger chose leads to one. */
export const recordTraps: ProxyHandler<DraftState> = {
  get(state, key) {
    if (typeof key === 'symbol') return key === STATE ? state : key === Symbol.toPrimitive ? asText : undefined;
    return hasOwn(state.latest, key) ? state.draftAt(key) : undefined;
  },
  set(state, key, value) {
    const record: Record<PropertyKey, unknown> = state.latest;
    const isThere = hasOwn(record, key);
    if (isThere && Object.is(record[key], value)) return true;
    const copy: Record<PropertyKey, unknown> = state.modified();
    if (isThere) {
      copy[key] = value;
      state.touch(key);
    } else {
      addKey(copy, key, value);
      state.touchAsLast(key);
    }
    return true;
  },
  deleteProperty(state, key) {
    if (hasOwn(state.latest, key)) {
      deleteKey(state.modified(), key);
      state.touch(key);
    }
    return true;
  },
  has: (state, key) => hasOwn(state.latest, key),
  ownKeys: (state) => Reflect.ownKeys(state.latest),
  getOwnPropertyDescriptor: (state, key) => describe(state, key),
  getPrototypeOf: () => Object.prototype,
  defineProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
};

export const listTraps: ProxyHandler<[DraftState]> = {
  get([state], key) {
    if (typeof key === 'symbol') return key === STATE ? state : (Reflect.get(Array.prototype, key) as unknown);
    if (hasOwn(state.latest, key)) return state.draftAt(key);
    if (key === 'constructor' || key === '__proto__') return undefined;
    return listMethods[key] ?? (Reflect.get(Array.prototype, key) as unknown);
  },
  set([state], key, value) {
    const { length } = state.latest;
    if (key === 'length') {
      if (value !== length) state.isRearranged = true;
      if (value !== length) state.modified().length = value as number;
      return true;
    }
    const index = typeof key === 'string' ? Number(key) : Number.NaN;
    if (String(index) !== key || !Number.isSafeInteger(index) || index < 0)
      throw new TypeError(`A list has no key ${String(key)}; only its items can be set.`);
    if (index < length && Object.is(state.latest[index], value)) return true;
    if (index > length) state.isRearranged = true;
    state.modified()[index] = value;
    noteItem(state, index, value);
    return true;
  },
  deleteProperty([state], key) {
    if (!hasOwn(state.latest, key)) return true;
    state.isRearranged = true;
    return delete (state.modified() as Record<PropertyKey, unknown>)[key];
  },
  has: ([state], key) => key in state.latest,
  ownKeys: ([state]) => Reflect.ownKeys(state.latest),
  getOwnPropertyDescriptor: ([state], key) =>
    key === 'length' ? { value: state.latest.length, writable: true, enumerable: false, configurable: false } : describe(state, key),
  getPrototypeOf: () => Array.prototype as object,
  defineProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
};

/** The value as it is, frozen: whoever asks for keys gets here for each of them, and for values by `get`. */
function describe(state: DraftState, key: PropertyKey): PropertyDescriptor | undefined {
  if (typeof key !== 'string' || !hasOwn(state.latest, key)) return undefined;
  return { value: state.latest[key as keyof typeof state.latest], writable: true, enumerable: true, configurable: true };
}

/** A record in a text: what any other record is there. */
function asText(): string {
  return '[object Object]';
}

function refuse(): never {
  throw new TypeError('A draft is plain data: define no properties on it, set no prototype, and leave freezing to the engine.');
}
