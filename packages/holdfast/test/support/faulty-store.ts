import { HoldfastError } from 'holdfast';
import type { BatchResult, Commit, Store } from 'holdfast/store';

/** What befalls the next commits of a store: a reply lost after writing, or a store that does not answer. */
export type Fault = 'reply lost' | 'unreachable' | 'full';

export interface FaultyStore extends Store {
  /** Faults of the next calls of `commit`, in order; `undefined` lets one through. */
  readonly faults: (Fault | undefined)[];
  readonly batches: (readonly Commit[])[];
}

/** A store that fails on demand. */
export function faulty(store: Store): FaultyStore {
  const faults: (Fault | undefined)[] = [];
  const batches: (readonly Commit[])[] = [];
  return new Proxy(store, {
    get: (target, property) => {
      if (property === 'faults') return faults;
      if (property === 'batches') return batches;
      if (property === 'commit') return commit;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  }) as FaultyStore;

  async function commit(batch: readonly Commit[]): Promise<BatchResult> {
    batches.push(batch);
    const fault = faults.shift();
    if (fault === 'full') throw new HoldfastError('STORE_FULL', 'The disk is full.', { store: store.name });
    if (fault === 'unreachable')
      throw new HoldfastError('STORE_UNAVAILABLE', 'The store does not answer.', { store: store.name, outcome: 'not-written' });
    const result = await store.commit(batch);
    if (fault === 'reply lost')
      throw new HoldfastError('STORE_UNAVAILABLE', 'The reply was lost.', { store: store.name, outcome: 'unknown' });
    return result;
  }
}
