/** So many keys are found as fast in a list. */
const FEW = 8;

/** Keys, each once, in the order in which they came. A Set for the one key that most drafts note would be a sixth of what such a draft costs. */
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

export function removeKey(keys: KeySet | undefined, key: PropertyKey): void {
  if (!Array.isArray(keys)) {
    keys?.delete(key);
    return;
  }
  const index = keys.indexOf(key);
  if (index !== -1) keys.splice(index, 1);
}
