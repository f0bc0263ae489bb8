import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, StoreOpenOptions } from '../store/index.ts';
import type { StoreHarness } from './harness.ts';

/** The stage of one case: a store of its own, opened, and its time. */
export class CaseContext {
  readonly harness: StoreHarness;
  #store: Store;
  #offsetMs = 0;
  readonly #others: Store[] = [];
  readonly #unopened: Store[] = [];

  private constructor(harness: StoreHarness) {
    this.harness = harness;
    this.#store = harness.create({ clock: () => this.#now() });
  }

  static async run(harness: StoreHarness, body: (context: CaseContext) => Promise<void>): Promise<void> {
    const context = new CaseContext(harness);
    try {
      await context.#store.open();
      await body(context);
    } finally {
      for (const store of [...context.#others, ...context.#unopened, context.#store]) await store.close();
      for (const store of [...context.#unopened, context.#store]) await harness.dispose?.(store);
    }
  }

  get store(): Store {
    return this.#store;
  }

  /** Closes the store and opens it again, through another driver where there can be one. */
  async reopen(options: StoreOpenOptions = {}): Promise<Store> {
    await this.#store.close();
    this.#store = this.harness.again(this.#store, { clock: () => this.#now() });
    await this.#store.open(options);
    return this.#store;
  }

  /** The store as it is, and then opened again: for what must hold before and after. */
  async *beforeAndAfterReopening(): AsyncGenerator<Store, void, undefined> {
    yield this.#store;
    yield await this.reopen();
  }

  /** A second driver over the same data, while the first stays open. */
  async second(options: StoreOpenOptions = {}): Promise<Store> {
    return await this.over(this.#store, options);
  }

  /** Another driver over the data of a store that the case has made, opened. */
  async over(store: Store, options: StoreOpenOptions = {}): Promise<Store> {
    const other = this.harness.again(store, { clock: () => this.#now() });
    this.#others.push(other);
    await other.open(options);
    return other;
  }

  /** A driver over no data, not opened: there is nothing yet where it looks. */
  missing(): Store {
    const store = this.harness.create({ clock: () => this.#now() });
    this.#unopened.push(store);
    return store;
  }

  /** Lets time pass, by the store's clock; below 0 the clock is set back, which an own clock cannot be. */
  async advance(ms: number): Promise<void> {
    if (this.harness.hasOwnClock) await sleep(ms);
    else this.#offsetMs += ms;
  }

  #now(): number {
    return Date.now() + this.#offsetMs;
  }
}
