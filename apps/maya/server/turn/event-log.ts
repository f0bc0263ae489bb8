/** Events that any number of readers follow from the first to the last, whenever they come. */
export class EventLog<Event> {
  readonly #events: Event[] = [];
  #moved = Promise.withResolvers<void>();
  #ended = false;

  push(event: Event): void {
    this.#events.push(event);
    this.#wake();
  }

  /** No event comes after this. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Every event in order, also those pushed before; ends with the log or when the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<Event, void, undefined> {
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (let at = 0; !signal.aborted;) {
        const event = this.#events[at];
        if (event !== undefined) {
          at += 1;
          yield event;
        } else if (this.#ended) return;
        else await Promise.race([this.#moved.promise, aborted.promise]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #wake(): void {
    const { resolve } = this.#moved;
    this.#moved = Promise.withResolvers<void>();
    resolve();
  }
}
