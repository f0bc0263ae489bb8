/** What became of a payment at the provider. `open`: the guest has neither confirmed nor refused it. */
export type ProviderStatus = 'open' | 'paid' | 'declined' | 'cancelled' | 'expired';

export interface ProviderPayment {
  readonly id: string;
  /** Where the guest confirms it; a path of this server, or a whole address. */
  readonly url: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly status: ProviderStatus;
}

export interface NewPayment {
  /** Minor units, at least 1. */
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  /** The same key is the same payment, however often it is asked for. */
  readonly idempotencyKey: string;
}

/** Thrown by a provider that certainly did not do what it was asked for. Any other error leaves open whether it did. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
}

/** Who takes the money. Chosen when the server starts. Every call may be repeated. */
export interface PaymentProvider {
  /** It moves no real money; shown wherever the payment is. */
  readonly isSimulated: boolean;
  /** @throws {ProviderRefusal} when it will not take this payment. */
  create(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment>;
  /** The payment that was made under the key; undefined when the provider has none. */
  find(idempotencyKey: string, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  /** undefined when the provider knows no such payment. */
  get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  /** Deactivates a payment that is open; one that is settled stays as it is. Gives what it is afterwards. */
  cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  close(): void;
}
