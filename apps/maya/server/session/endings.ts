export type EndReason = 'reset' | 'expired' | 'shutdown';

/** Tells the open pages of a session that it has ended: it was deleted, by whichever server, or the bar closes. */
export class Endings {
  readonly #listeners = new Map<string, Set<(reason: EndReason) => void>>();

  /** Calls back when the session ends, until the signal aborts. */
  watch(sessionId: string, listener: (reason: EndReason) => void, signal: AbortSignal): void {
    const listeners = this.#listeners.get(sessionId) ?? new Set();
    this.#listeners.set(sessionId, listeners);
    listeners.add(listener);
    signal.addEventListener(
      'abort',
      () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(sessionId);
      },
      { once: true },
    );
  }

  /** Tells the pages of the session. */
  tell(sessionId: string, reason: EndReason): void {
    for (const listener of this.#listeners.get(sessionId) ?? []) listener(reason);
  }

  /** Tells all pages that the bar closes. */
  close(): void {
    for (const sessionId of [...this.#listeners.keys()]) this.tell(sessionId, 'shutdown');
  }
}
