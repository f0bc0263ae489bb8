import type { Commit, Store } from 'holdfast/store';

/** The store, with something done before each batch is written: what another process does at that moment. */
export function beforeCommit(store: Store, hook: (batch: readonly Commit[]) => Promise<void> | void): Store {
  return new Proxy(store, {
    get: (target, property) => {
      if (property === 'commit')
        return async (batch: readonly Commit[]) => {
          await hook(batch);
          return await store.commit(batch);
        };
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
