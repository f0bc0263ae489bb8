import { Stripe } from 'stripe';
import { Availability } from './availability.ts';
import { ProviderRefusal, type NewPayment, type PaymentProvider, type ProviderPayment, type ProviderStatus } from './payment-provider.ts';
import { untilAborted } from './until-aborted.ts';

/** How many of the account's sessions are looked through for one that was made under a key. */
const MOST_LOOKED_THROUGH = 1_000;
/** How far Stripe's clock may be behind this machine's. */
const CLOCK_SKEW_SECONDS = 300;

export interface StripeProviderOptions {
  readonly stripe: Stripe;
  /** Where Stripe sends the guest afterwards; a whole address. */
  readonly returnUrl: string;
  /** Epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Stripe: a payment is a Checkout session, and its link the page of that session. Making one charges nothing; the guest does, on Stripe's page. A
 * session can be paid once and lasts for a day. Every request to make one carries the payment's idempotency key and exactly the same
 * parameters, so Stripe makes it once.
 */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  readonly #stripe: Stripe;
  readonly #returnUrl: string;
  readonly #now: () => number;
  readonly #availability: Availability;

  constructor({ stripe, returnUrl, clock = Date.now }: StripeProviderOptions) {
    this.#stripe = stripe;
    this.#returnUrl = returnUrl;
    this.#now = clock;
    this.#availability = new Availability((signal) => this.#probe(signal), clock);
  }

  isAvailable(): Promise<boolean> {
    return this.#availability.check();
  }

  async create(payment: NewPayment, signal: AbortSignal): Promise<ProviderPayment> {
    const { amount, currency, description, idempotencyKey } = payment;
    const price = { currency: currency.toLowerCase(), unit_amount: amount, product_data: { name: description } };
    const making = this.#stripe.checkout.sessions.create(
      {
        mode: 'payment',
        // Settled at once, in the currency of the tab.
        allowed_payment_method_types: ['card'],
        adaptive_pricing: { enabled: false },
        line_items: [{ price_data: price, quantity: 1 }],
        client_reference_id: idempotencyKey,
        success_url: this.#returnUrl,
        cancel_url: this.#returnUrl,
      },
      { idempotencyKey },
    );
    try {
      return this.#view(await untilAborted(signal, making));
    } catch (error) {
      throw isRefusal(error) ? new ProviderRefusal(`Stripe refuses the payment: ${codeOf(error)}.`, { cause: error }) : error;
    }
  }

  /** Looks through the sessions that were made since the payment was intended: Stripe cannot search them by reference. */
  async find({ idempotencyKey, startedAt }: NewPayment, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    const since = Math.floor(startedAt / 1_000) - CLOCK_SKEW_SECONDS;
    let startingAfter: string | undefined;
    for (let looked = 0; looked < MOST_LOOKED_THROUGH;) {
      const page = await untilAborted(
        signal,
        this.#stripe.checkout.sessions.list({
          created: { gte: since },
          limit: 100,
          ...(startingAfter !== undefined && { starting_after: startingAfter }),
        }),
      );
      const found = page.data.find(({ client_reference_id: reference }) => reference === idempotencyKey);
      if (found) return this.#view(found);
      startingAfter = page.data.at(-1)?.id;
      if (!page.has_more || startingAfter === undefined) return undefined;
      looked += page.data.length;
    }
    throw new Error(
      `The payment is not among the newest ${MOST_LOOKED_THROUGH} sessions of the Stripe account; older ones were not looked at.`,
    );
  }

  async get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    try {
      return this.#view(await untilAborted(signal, this.#stripe.checkout.sessions.retrieve(id)));
    } catch (error) {
      if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    try {
      return this.#view(await untilAborted(signal, this.#stripe.checkout.sessions.expire(id)));
    } catch (error) {
      // It is not open any more, or not there: what it is instead says which.
      if (isRefusal(error)) return await this.get(id, signal);
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Its cheapest call. A limit that is reached for the moment shows that somebody is there. */
  async #probe(signal: AbortSignal): Promise<boolean> {
    try {
      await untilAborted(signal, this.#stripe.balance.retrieve());
      return true;
    } catch (error) {
      return error instanceof Stripe.errors.StripeRateLimitError;
    }
  }

  #view(session: Stripe.Checkout.Session): ProviderPayment {
    const { id, url, amount_total: amount, currency } = session;
    return {
      id,
      url: url ?? this.#returnUrl,
      amount: amount ?? 0,
      currency: (currency ?? '').toUpperCase(),
      status: this.#status(session),
    };
  }

  #status({ status, payment_status: payment, expires_at: expiresAt }: Stripe.Checkout.Session): ProviderStatus {
    if (payment === 'paid') return 'paid';
    if (status !== 'expired') return 'open';
    // One that is over before its time was ended by somebody.
    return expiresAt * 1_000 > this.#now() ? 'cancelled' : 'expired';
  }
}

/** Whether Stripe has looked at the request and will not do it. A key that is in use, or was used with other parameters, leaves open what it did. */
function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  if (!(error instanceof Stripe.errors.StripeError) || error instanceof Stripe.errors.StripeIdempotencyError) return false;
  const { statusCode = 0 } = error;
  return statusCode >= 400 && statusCode < 500 && statusCode !== 409 && statusCode !== 429 && error.code !== 'idempotency_key_in_use';
}

function codeOf({ code, type, statusCode }: Stripe.errors.StripeError): string {
  return `${statusCode} ${code ?? type}`;
}
