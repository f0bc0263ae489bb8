/** A map that can be walked in the order of its keys; sorts them again only after one came or went. */
export class SortedMap<K, V> extends Map<K, V> {
  readonly #compare: (a: K, b: K) => number;
  #sorted: readonly K[] | undefined;

  constructor(compare: (a: K, b: K) => number) {
    super();
    this.#compare = compare;
  }

  override set(key: K, value: V): this {
    if (!this.has(key)) this.#sorted = undefined;
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    const isThere = super.delete(key);
    if (isThere) this.#sorted = undefined;
    return isThere;
  }

  /** Keys not less than `from`, in order; all of them without it. */
  *keysFrom(from?: K): Generator<K, void, undefined> {
    this.#sorted ??= [...this.keys()].toSorted(this.#compare);
    const sorted = this.#sorted;
    for (let index = from === undefined ? 0 : this.#firstFrom(sorted, from); index < sorted.length; index += 1) yield sorted[index] as K;
  }

  #firstFrom(sorted: readonly K[], from: K): number {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(sorted[middle] as K, from) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
