import { Stripe } from 'stripe';

/** Test-mode secret and restricted keys. */
const TEST_KEY = /^[sr]k_test_\w+$/;

/** Whether this is a key that moves no real money. */
export function isStripeTestKey(key: string): boolean {
  return TEST_KEY.test(key);
}

/**
 * Stripe's SDK with a test-mode key. It repeats nothing by itself: how often something is asked is decided, and counted, by the bar.
 * @throws {Error} for any other key, which is not shown.
 */
export function openStripe(secretKey: string, config: Stripe.StripeConfig = {}): Stripe {
  if (!isStripeTestKey(secretKey)) throw new Error('Maya takes test-mode keys of Stripe only: sk_test_… or rk_test_….');
  return new Stripe(secretKey, { maxNetworkRetries: 0, timeout: 5_000, telemetry: false, ...config });
}
