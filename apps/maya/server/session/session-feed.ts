import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError, type ChangeEvent, type StateManager } from 'holdfast';
import type { Logger } from 'pino';
import { z } from 'zod';
import { orderHistoryState } from '../state/index.ts';

/** How long after the feed broke it is read again. */
const RETRY_MS = 1_000;

const ClosedPayment = z.object({ outcome: z.string() });

export interface SessionFeedOptions {
  readonly state: StateManager;
  readonly log: Logger;
  readonly onDeleted: (sessionId: string, cause: string | undefined) => void;
  readonly onPaymentClosed: (outcome: string) => void;
}

/** What happens to sessions, by whichever server of the store. Read from the log once for all who want to hear of it: every turn writes there. */
export class SessionFeed {
  readonly #options: SessionFeedOptions;
  readonly #closing = new AbortController();

  constructor(options: SessionFeedOptions) {
    this.#options = options;
  }

  /** Follows the log from now on until the feed is closed. */
  async follow(): Promise<void> {
    const { state, onDeleted, onPaymentClosed, log } = this.#options;
    const { signal } = this.#closing;
    // Deletions pass whatever state is asked for.
    const filter = { scope: 'conversation', state: orderHistoryState.name, signal } as const;
    for (let since: number | undefined; !signal.aborted;) {
      try {
        for await (const { seq, drops, changes, cause } of state.changes({ ...filter, ...(since !== undefined && { since }) })) {
          since = seq;
          for (const { id } of drops) onDeleted(id, cause);
          for (const outcome of changes.flatMap(closedIn)) onPaymentClosed(outcome);
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

  close(): void {
    this.#closing.abort();
  }
}

/** The outcomes of the payments that a change closes. */
function closedIn(change: ChangeEvent): readonly string[] {
  if (!('patches' in change)) return [];
  const added = change.patches
    .filter(({ path }) => path[0] === 'payments')
    .flatMap((patch) => (patch.op === 'splice' ? patch.items : patch.op === 'add' ? [patch.value] : []));
  return added.flatMap((payment) => ClosedPayment.safeParse(payment).data?.outcome ?? []);
}
