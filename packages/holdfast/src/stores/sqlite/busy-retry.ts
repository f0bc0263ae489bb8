import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError } from '../../errors/index.ts';
import { isBusy } from './sqlite-failure.ts';

const LONGEST_WAIT_MS = 16;

export interface Patience {
  readonly store: string;
  readonly busyTimeoutMs: number;
  /** Throws when waiting has lost its purpose. */
  readonly assertWanted: () => void;
}

/**
 * Does the work at once, or again after a random moment for as long as another process is in the way. The event loop goes on
 * meanwhile. The work itself must be synchronous and leave nothing behind when it is refused.
 */
export async function retryWhileBusy<T>(patience: Patience, work: () => T): Promise<T> {
  const deadline = performance.now() + patience.busyTimeoutMs;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    patience.assertWanted();
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= deadline) {
        const message = `${patience.store} was kept busy by other processes for ${patience.busyTimeoutMs} ms; nothing was written.`;
        throw new HoldfastError('STORE_UNAVAILABLE', message, { store: patience.store, outcome: 'not-written' }, { cause: error });
      }
    }
    await sleep(waitMs * (0.5 + Math.random()));
  }
}
