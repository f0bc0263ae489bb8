/** The subscribers of a store's `signal`: told once per turn of the microtask queue, however often the log moved in it. */
export class LogSignal {
  readonly #callbacks = new Set<() => void>();
  #isPending = false;

  subscribe(callback: () => void): () => void {
    // Wrapped, so that the same function given twice is two subscriptions.
    const own = (): void => callback();
    this.#callbacks.add(own);
    return () => {
      this.#callbacks.delete(own);
    };
  }

  fire(): void {
    if (this.#isPending || this.#callbacks.size === 0) return;
    this.#isPending = true;
    queueMicrotask(() => {
      this.#isPending = false;
      for (const callback of [...this.#callbacks]) callback();
    });
  }

  clear(): void {
    this.#callbacks.clear();
  }
}
