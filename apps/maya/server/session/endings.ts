import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError, type StateManager } from 'holdfast';
import type { Logger } from 'pino';

export type EndReason = 'reset' | 'expired' | 'shutdown';

/** How long after the feed broke it is read again. */
const RETRY_MS = 1_000;

export interface EndingsOptions {
  readonly state: StateManager;
  /** Called with the id of each session that was deleted, by whichever server. */
  readonly onDeleted: (id: string) => void;
  readonly log: Logger;
}

/** Tells the open pages of a session that it has ended: it was deleted, which the feed of changes says whichever server did it, or the bar closes. */
export class Endings {
  readonly #options: EndingsOptions;
  readonly #listeners = new Map<string, Set<(reason: EndReason) => void>>();
  readonly #closing = new AbortController();

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /** Follows the deletions of sessions until the endings are closed. */
  async follow(): Promise<void> {
    const { state, onDeleted, log } = this.#options;
    const { signal } = this.#closing;
    for (let since: number | undefined; !signal.aborted;) {
      try {
        for await (const { seq, drops, cause } of state.changes({ scope: 'conversation', signal, ...(since !== undefined && { since }) })) {
          since = seq;
          for (const { id } of drops) {
            this.#end(id, cause === 'reset' ? 'reset' : 'expired');
            onDeleted(id);
          }
        }
        return;
      } catch (error) {
        if (isHoldfastError(error, 'CLOSED')) return;
        // What is damaged stays so: the feed goes on behind it.
        if (isHoldfastError(error, 'CORRUPT_STATE')) since = undefined;
        log.error({ err: error }, 'the feed of changes broke');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

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

  /** Tells all pages that the bar closes. */
  close(): void {
    this.#closing.abort();
    for (const sessionId of [...this.#listeners.keys()]) this.#end(sessionId, 'shutdown');
  }

  #end(sessionId: string, reason: EndReason): void {
    for (const listener of this.#listeners.get(sessionId) ?? []) listener(reason);
  }
}
