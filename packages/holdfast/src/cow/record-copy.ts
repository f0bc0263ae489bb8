/** Up to so many keys all records are copied about as fast. */
const FEW_KEYS = 12;
/** To make a record anew costs as much as so many of its slow copies, unless others with the same keys were made so before. */
const WORTH_IT = 8;

interface SlowRecord {
  /** How often it was copied, and what it is a copy of. */
  copies: number;
  /** Another one that is copied fast. */
  remade?: object;
}

/**
 * Records that V8 copies key by key, 20 to 400 times as slowly as others: those of many keys that JSON.parse made, or that keys were assigned to or deleted from.
 * One that is copied often is made anew, as `Object.fromEntries` makes it. Of that, and of all its copies, copies are one move of memory (1 µs for 200 keys
 * instead of 70), as long as keys are added by {@link addKey} and are no more than about 1,000.
 */
const slow = new WeakMap<object, SlowRecord>();

/** Notes a record of so many keys that was not made by {@link copyRecord}. */
export function noteForeign(record: object, keys: number): void {
  if (keys > FEW_KEYS && !slow.has(record)) slow.set(record, { copies: 0 });
}

/** A copy with the same keys in the same order; of those with symbols, sometimes none. */
export function copyRecord(record: object): object {
  const noted = slow.get(record);
  if (!noted) return Object.assign({}, record);
  noted.copies += 1;
  if (noted.copies > WORTH_IT) noted.remade ??= Object.fromEntries(Object.entries(record));
  const copy = Object.assign({}, noted.remade ?? record);
  if (!noted.remade) slow.set(copy, { copies: noted.copies });
  return copy;
}

/** Adds what is not there yet, as an own key whatever its name. */
export function addKey(record: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

export function deleteKey(record: object, key: PropertyKey): void {
  delete (record as Record<PropertyKey, unknown>)[key];
  slow.set(record, { copies: 0 });
}
