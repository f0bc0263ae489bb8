import type { Store } from '../store/index.ts';

/** What the suite must know of a store to run against it. Optional members: the cases that need one are listed as not applicable without it. */
export interface StoreHarness {
  readonly name: string;
  /** A store without data, not opened yet. It takes its time from `clock`, unless `hasOwnClock`. */
  create(options: { readonly clock: () => number }): Store;
  /** Another driver over the data of `store`; a store that lives in its object gives that back. */
  again(store: Store, options: { readonly clock: () => number }): Store;
  /** The store's time cannot be set: cases that need time to pass wait for it. */
  readonly hasOwnClock?: boolean;
  /** How a process of its own gets a driver over the same data. */
  child?(store: Store): ChildDriver;
  /** The files that hold the data of a closed store: the suite damages copies of their bytes in place. */
  files?(store: Store): readonly string[];
  /** Paths whose system calls the suite may let fail, when the store is a local one: the data and its logs. */
  tracedPaths?(store: Store): readonly string[];
  /** A path that does not exist, for `backup`. */
  backupPath?(store: Store): string;
  /** A driver over a backup. */
  openBackup?(path: string): Store;
  /** Removes what `create` has made; called after the store was closed. */
  dispose?(store: Store): void | Promise<void>;
}

/** A driver is `(await import(module))[factory](...args)`. */
export interface ChildDriver {
  /** URL of a module. */
  readonly module: string;
  readonly factory: string;
  readonly args: readonly unknown[];
}

/** What a case needs beyond the port itself. */
export type Need = 'clock' | 'shared' | 'durable' | 'child' | 'files' | 'strace' | 'backup' | 'import';

export interface ConformanceCase {
  /** Stable: deviations are listed by it. */
  readonly id: string;
  /** A sentence of behaviour. */
  readonly title: string;
  readonly needs: readonly Need[];
  /** Why the case cannot be run against this store or on this machine; `undefined` when it can. */
  readonly notApplicable: string | undefined;
  /** Makes a store of its own, checks, and disposes of it. Rejects with what does not hold. May take a minute. */
  run(): Promise<void>;
}
