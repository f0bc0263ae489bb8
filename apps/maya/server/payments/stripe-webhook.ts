import { Stripe } from 'stripe';

/** How old an event may be, so that one that was overheard is of no use for long. */
const TOLERANCE_SECONDS = 300;

/** Reads the events that Stripe sends, once their signature shows that they are Stripe's. */
export class StripeWebhook {
  readonly #stripe: Stripe;
  readonly #secret: string;

  constructor(stripe: Stripe, secret: string) {
    this.#stripe = stripe;
    this.#secret = secret;
  }

  /**
   * The key of the payment that an event is about; undefined when it is about none of ours. What the event says of it is not believed, since events come
   * late, twice and in any order: it is a reason to ask.
   *
   * @param body exactly as it came
   * @throws {WebhookRefusal} when it was not signed by Stripe for this bar, or too long ago.
   */
  async read(body: string, signature: string | undefined): Promise<string | undefined> {
    let event: Stripe.Event;
    try {
      event = await this.#stripe.webhooks.constructEventAsync(body, signature ?? '', this.#secret, TOLERANCE_SECONDS);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError)
        throw new WebhookRefusal('This event was not signed by Stripe for this bar.', { cause: error });
      throw error;
    }
    const { object } = event.data as { readonly object: { readonly object?: string; readonly client_reference_id?: string | null } };
    return object.object === 'checkout.session' ? (object.client_reference_id ?? undefined) : undefined;
  }
}

/** An event that is not to be believed. */
export class WebhookRefusal extends Error {
  override readonly name = 'WebhookRefusal';
}
