import { openStripe } from '../../server/payments/stripe-client.ts';
import { StripeProvider } from '../../server/payments/stripe-provider.ts';
import { StripeWebhook } from '../../server/payments/stripe-webhook.ts';
import { OpenBar, type BarOptions } from './open-bar.ts';
import { STRIPE_KEY, StripeStandIn, WEBHOOK_SECRET } from './stripe-stand-in.ts';

/** Attempts without long waits; an open payment is not asked about by itself. */
const BRISK = { attemptWaitsMs: [10, 20, 40], pollEveryMs: 60_000 };

export interface StripeBar extends AsyncDisposable {
  readonly bar: OpenBar;
  readonly stripe: StripeStandIn;
}

/** A bar whose payments go to Stripe's stand-in by Stripe's own SDK. */
export async function openStripeBar(options: BarOptions = {}): Promise<StripeBar> {
  const stripe = await StripeStandIn.start();
  const client = openStripe(STRIPE_KEY, stripe.config(500));
  const { clock } = options;
  if (clock) stripe.account.now = clock;
  const payments = new StripeProvider({ stripe: client, returnUrl: `${stripe.url}/back`, ...(clock && { clock }) });
  const bar = await OpenBar.open({ paymentTimes: BRISK, ...options, payments, webhook: new StripeWebhook(client, WEBHOOK_SECRET) });
  return {
    bar,
    stripe,
    [Symbol.asyncDispose]: async () => {
      await bar[Symbol.asyncDispose]();
      await stripe[Symbol.asyncDispose]();
    },
  };
}
