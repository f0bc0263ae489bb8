interface Entry<T> {
  readonly at: number;
  readonly thing: T;
}

/**
 * Things by the time of their expiry, soonest first (a binary heap). Nothing is ever taken out before its time: whoever asks for the expired
 * ones looks whether the entry still holds.
 */
export class ExpiryQueue<T> {
  readonly #isCurrent: (thing: T, at: number) => boolean;
  #heap: Entry<T>[] = [];
  #tidyAt = 1_024;

  constructor(isCurrent: (thing: T, at: number) => boolean) {
    this.#isCurrent = isCurrent;
  }

  add(at: number, thing: T): void {
    this.#rise({ at, thing });
  }

  /** Current entries with `at` <= now, soonest first, until `take` has said yes `limit` times. Those it refuses stay in the queue. */
  takeExpired(now: number, limit: number, take: (thing: T) => boolean): T[] {
    const taken: T[] = [];
    const refused: Entry<T>[] = [];
    for (let first = this.#heap[0]; taken.length < limit && first && first.at <= now; first = this.#heap[0]) {
      this.#removeFirst();
      if (!this.#isCurrent(first.thing, first.at)) continue;
      if (take(first.thing)) taken.push(first.thing);
      else refused.push(first);
    }
    for (const entry of refused) this.#rise(entry);
    return taken;
  }

  /** Throws away what does not hold any more, when that may be half of the queue. Not while a write may still be taken back. */
  tidy(): void {
    if (this.#heap.length < this.#tidyAt) return;
    const current = this.#heap.filter(({ at, thing }) => this.#isCurrent(thing, at));
    this.#heap = current.toSorted((a, b) => a.at - b.at);
    this.#tidyAt = Math.max(1_024, current.length * 2);
  }

  #rise(entry: Entry<T>): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if ((heap[parent] as Entry<T>).at <= entry.at) break;
      heap[index] = heap[parent] as Entry<T>;
      index = parent;
    }
    heap[index] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      const right = heap[child + 1];
      if (right && right.at < (heap[child] as Entry<T>).at) child += 1;
      if ((heap[child] as Entry<T>).at >= last.at) break;
      heap[index] = heap[child] as Entry<T>;
      index = child;
    }
    heap[index] = last;
  }
}
