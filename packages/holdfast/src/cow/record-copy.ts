/** Up to so many keys all records are copied about as fast. */
const FEW_KEYS = 12;

/**
 * Records that V8 would copy key by key, 20 to 400 times as slowly: those of many keys that JSON.parse made, or that keys were assigned to or deleted from. The
 * first copy makes another of each, as `Object.fromEntries` makes it. Of that, and of all its copies, copies are one move of memory (1 µs for 200 keys instead
 * of 70), as long as keys are added by {@link addKey} and are no more than about 1,000.
 */
const slow = new WeakMap<object, { fast?: object }>();

/** Notes a record of so many keys that was not made by {@link copyRecord}. */
export function noteForeign(record: object, keys: number): void {
  if (keys > FEW_KEYS) slow.set(record, {});
}

/** A copy with the same keys in the same order; of those with symbols none. */
export function copyRecord(record: object): object {
  const other = slow.get(record);
  if (!other) return Object.assign({}, record);
  other.fast ??= Object.fromEntries(Object.entries(record));
  return Object.assign({}, other.fast);
}

/** Adds what is not there yet, as an own key whatever its name. */
export function addKey(record: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

export function deleteKey(record: object, key: PropertyKey): void {
  delete (record as Record<PropertyKey, unknown>)[key];
  slow.set(record, {});
}
