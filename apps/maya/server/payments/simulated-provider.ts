import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderRefusal, type NewPayment, type PaymentProvider, type ProviderPayment } from './payment-provider.ts';
import type { LedgerEntry, SimulatedLedger } from './simulated-ledger.ts';

/** How long a payment waits for the guest. */
const OPEN_FOR_MS = 24 * 3_600_000;

/** What can be made to go wrong with a call: it does nothing and fails, it does its work and the answer is lost, or it never answers. */
export type ProviderFault = 'fail' | 'lose-reply' | 'hang';
export type ProviderCall = 'create' | 'find' | 'get' | 'cancel';

export interface SimulatedProviderOptions {
  readonly ledger: SimulatedLedger;
  /** Epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
  /** Asked before each call: how it shall fail. Default: it does not. */
  readonly fault?: (call: ProviderCall) => ProviderFault | undefined;
}

/** What the payment page shows. */
export type SimulatedPayment = ProviderPayment & Pick<LedgerEntry, 'description' | 'idempotencyKey'>;

/**
 * The built-in provider: it keeps books like a real one and waits for the guest's confirmation on a page, and moves no money.
 * The id of a payment is its secret: whoever has the link may confirm it.
 */
export class SimulatedProvider implements PaymentProvider {
  readonly name = 'simulated';
  readonly #ledger: SimulatedLedger;
  readonly #now: () => number;
  readonly #fault: (call: ProviderCall) => ProviderFault | undefined;

  constructor({ ledger, clock = Date.now, fault = () => undefined }: SimulatedProviderOptions) {
    this.#ledger = ledger;
    this.#now = clock;
    this.#fault = fault;
  }

  create(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment> {
    return this.#call('create', signal, () => {
      const { amount, currency, description, idempotencyKey } = payment;
      if (!Number.isSafeInteger(amount) || amount < 1) throw new ProviderRefusal(`A payment of ${amount} cannot be taken.`);
      this.#ledger.enter({
        id: randomBytes(16).toString('base64url'),
        idempotencyKey,
        amount,
        currency,
        description,
        createdAt: this.#now(),
      });
      const entry = this.#ledger.byKey(idempotencyKey);
      if (entry?.amount !== amount || entry.currency !== currency) throw new ProviderRefusal('The key was used for another payment.');
      return this.#view(entry);
    });
  }

  find({ idempotencyKey }: NewPayment, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('find', signal, () => this.#viewed(this.#ledger.byKey(idempotencyKey)));
  }

  get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('get', signal, () => this.look(id));
  }

  cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('cancel', signal, () => {
      if (this.look(id)?.status === 'open') this.#ledger.settle(id, 'cancelled', this.#now());
      return this.look(id);
    });
  }

  /** What the payment page shows; undefined when there is no such payment. */
  look(id: string): SimulatedPayment | undefined {
    return this.#viewed(this.#ledger.byId(id));
  }

  /** The guest's answer on the payment page. A payment that is settled already stays as it is. */
  answer(id: string, status: 'paid' | 'declined'): SimulatedPayment | undefined {
    if (this.look(id)?.status === 'open') this.#ledger.settle(id, status, this.#now());
    return this.look(id);
  }

  isAvailable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.#ledger.close();
    return Promise.resolve();
  }

  #viewed(entry: LedgerEntry | undefined): SimulatedPayment | undefined {
    return entry && this.#view(entry);
  }

  #view(entry: LedgerEntry): SimulatedPayment {
    const { id, idempotencyKey, amount, currency, description, createdAt } = entry;
    if (entry.status === 'open' && this.#now() - createdAt >= OPEN_FOR_MS) {
      this.#ledger.settle(id, 'expired', this.#now());
      return this.#view({ ...entry, status: 'expired' });
    }
    return { id, url: `/pay/${id}`, amount, currency, description, idempotencyKey, status: entry.status };
  }

  async #call<T>(call: ProviderCall, signal: AbortSignal, work: () => T): Promise<T> {
    const fault = this.#fault(call);
    if (fault === 'fail') throw new Error('The simulated provider answers 500.');
    if (fault === 'hang') await sleep(2 ** 30, undefined, { signal });
    signal.throwIfAborted();
    const answer = work();
    if (fault === 'lose-reply') throw new Error('The connection to the simulated provider was lost.');
    return await Promise.resolve(answer);
  }
}
