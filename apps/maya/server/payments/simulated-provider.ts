import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderRefusal, type NewPayment, type PaymentProvider, type ProviderPayment } from './payment-provider.ts';
import type { LedgerEntry, PaymentLedger } from './simulated-ledger.ts';

/** How long a payment waits for the guest. */
const OPEN_FOR_MS = 24 * 3_600_000;

/** What can be made to go wrong with a call: it does nothing and fails, it does its work and the answer is lost, or it never answers. */
export type ProviderFault = 'fail' | 'lose-reply' | 'hang';
export type ProviderCall = 'create' | 'find' | 'get' | 'cancel';

export interface SimulatedProviderOptions {
  readonly ledger: PaymentLedger;
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
  readonly #ledger: PaymentLedger;
  readonly #now: () => number;
  readonly #fault: (call: ProviderCall) => ProviderFault | undefined;

  constructor({ ledger, clock = Date.now, fault = () => undefined }: SimulatedProviderOptions) {
    this.#ledger = ledger;
    this.#now = clock;
    this.#fault = fault;
  }

  create(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment> {
    return this.#call('create', signal, async () => {
      const { amount, currency, description, idempotencyKey } = payment;
      if (!Number.isSafeInteger(amount) || amount < 1) throw new ProviderRefusal(`A payment of ${amount} cannot be taken.`);
      await this.#ledger.enter({
        id: randomBytes(16).toString('base64url'),
        idempotencyKey,
        amount,
        currency,
        description,
        createdAt: this.#now(),
      });
      const entry = await this.#ledger.byKey(idempotencyKey);
      if (entry?.amount !== amount || entry.currency !== currency) throw new ProviderRefusal('The key was used for another payment.');
      return await this.#view(entry);
    });
  }

  find({ idempotencyKey }: NewPayment, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('find', signal, async () => await this.#viewed(await this.#ledger.byKey(idempotencyKey)));
  }

  get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('get', signal, () => this.look(id));
  }

  cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#call('cancel', signal, async () => await this.#settle(id, 'cancelled'));
  }

  /** What the payment page shows; undefined when there is no such payment. */
  async look(id: string): Promise<SimulatedPayment | undefined> {
    return await this.#viewed(await this.#ledger.byId(id));
  }

  /** The guest's answer on the payment page. A payment that is settled already stays as it is. */
  async answer(id: string, status: 'paid' | 'declined'): Promise<SimulatedPayment | undefined> {
    return await this.#settle(id, status);
  }

  isAvailable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async close(): Promise<void> {
    await this.#ledger.close();
  }

  async #settle(id: string, status: 'paid' | 'declined' | 'cancelled'): Promise<SimulatedPayment | undefined> {
    if ((await this.look(id))?.status === 'open') await this.#ledger.settle(id, status, this.#now());
    return await this.look(id);
  }

  async #viewed(entry: LedgerEntry | undefined): Promise<SimulatedPayment | undefined> {
    return entry && (await this.#view(entry));
  }

  async #view(entry: LedgerEntry): Promise<SimulatedPayment> {
    const { id, idempotencyKey, amount, currency, description, createdAt } = entry;
    if (entry.status === 'open' && this.#now() - createdAt >= OPEN_FOR_MS) {
      await this.#ledger.settle(id, 'expired', this.#now());
      return await this.#view({ ...entry, status: 'expired' });
    }
    return { id, url: `/pay/${id}`, amount, currency, description, idempotencyKey, status: entry.status };
  }

  async #call<T>(call: ProviderCall, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const fault = this.#fault(call);
    if (fault === 'fail') throw new Error('The simulated provider answers 500.');
    if (fault === 'hang') await sleep(2 ** 30, undefined, { signal });
    signal.throwIfAborted();
    const answer = await work();
    if (fault === 'lose-reply') throw new Error('The connection to the simulated provider was lost.');
    return answer;
  }
}
