/** So many keys are found as fast in a list. */
const FEW = 8;

/** Keys, each once, in the order in which they came. To make a Set for one key takes longer than all else that it is made for. */
export type KeySet = PropertyKey[] | Set<PropertyKey>;

/** Gives the set with the key, which need not be the same one. */
export function withKey(keys: KeySet | undefined, key: PropertyKey): KeySet {
  if (!keys) return [key];
  if (!Array.isArray(keys)) return keys.add(key);
  if (keys.includes(key)) return keys;
  if (keys.length === FEW) return new Set([...keys, key]);
  keys.push(key);
  return keys;
}

export function removeKey(keys: KeySet, key: PropertyKey): void {
  if (!Array.isArray(keys)) keys.delete(key);
  else if (keys.includes(key)) keys.splice(keys.indexOf(key), 1);
}
