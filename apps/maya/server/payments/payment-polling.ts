import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError, type EntityHandle } from 'holdfast';
import type { Logger } from 'pino';
import type { PaymentTimes } from './payment-times.ts';

/** Asks about payments whose guests have just been given a link, more often than the effects do by themselves. */
export class PaymentPolling {
  readonly #times: PaymentTimes;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  /** Sessions that are asked for, each with the end of it. */
  readonly #until = new Map<string, number>();

  constructor(times: PaymentTimes, log: Logger) {
    this.#times = times;
    this.#log = log;
  }

  /** Asks about the session's payment from now on, until it is settled or the time is over; called again, for so long again. */
  start(session: EntityHandle<'conversation'>): void {
    const isRunning = this.#until.has(session.id);
    this.#until.set(session.id, performance.now() + this.#times.pollForMs);
    if (isRunning || this.#closing.signal.aborted) return;
    this.#poll(session)
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted && !isHoldfastError(error, 'NOT_FOUND'))
          this.#log.error({ err: error }, 'asking about a payment failed');
      })
      .finally(() => this.#until.delete(session.id));
  }

  close(): void {
    this.#closing.abort();
  }

  async #poll(session: EntityHandle<'conversation'>): Promise<void> {
    const { signal } = this.#closing;
    while (performance.now() < (this.#until.get(session.id) ?? 0)) {
      await sleep(this.#times.pollEveryMs, undefined, { signal, ref: false });
      await session.reconcile();
      if ((await session.unsettledEffects()).length === 0) return;
    }
  }
}
