/** Who can take the money; `none` takes none. */
export const PROVIDER_NAMES = ['simulated', 'stripe', 'mcp', 'none'] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

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
  /** When it was intended, epoch ms: the provider has nothing of it from before. */
  readonly startedAt: number;
}

/** Thrown by a provider that certainly did not do what it was asked for. Any other error leaves open whether it did. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
}

/** Who takes the money. Chosen when the server starts. Every call may be repeated. */
export interface PaymentProvider {
  /** Stored with each payment: no other provider is ever asked about it. */
  readonly name: ProviderName;
  /** Whether it can be reached at all; what it said is remembered for a while. Never rejects. */
  isAvailable(): Promise<boolean>;
  /** @throws {ProviderRefusal} when it will not take this payment. */
  create(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment>;
  /** The payment that was made under the key; undefined when the provider has none. */
  find(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  /** undefined when the provider knows no such payment. */
  get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  /** Deactivates a payment that is open; one that is settled stays as it is. Gives what it is afterwards. */
  cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined>;
  close(): Promise<void>;
}
