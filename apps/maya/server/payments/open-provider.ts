import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { ledgerFor } from '../open-store.ts';
import { McpProvider } from './mcp-provider.ts';
import { NoPayments } from './no-payments.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { SimulatedProvider } from './simulated-provider.ts';
import { openStripe } from './stripe-client.ts';
import { StripeProvider } from './stripe-provider.ts';
import { StripeWebhook } from './stripe-webhook.ts';

/** Who takes the payments of a configuration, and for Stripe who reads its events. */
export async function providerFor(
  config: Pick<Config, 'payments' | 'publicUrl' | 'store' | 'host' | 'port'>,
  log: Logger,
): Promise<{ readonly provider: PaymentProvider; readonly webhook?: StripeWebhook }> {
  const { payments, store, host, port, publicUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}/` } = config;
  switch (payments.provider) {
    case 'none':
      return { provider: new NoPayments() };
    case 'simulated':
      return { provider: new SimulatedProvider({ ledger: await ledgerFor(store) }) };
    case 'mcp':
      return { provider: new McpProvider({ ...payments, log }) };
    case 'stripe': {
      const stripe = openStripe(payments.secretKey);
      const provider = new StripeProvider({ stripe, returnUrl: publicUrl });
      return { provider, ...(payments.webhookSecret !== undefined && { webhook: new StripeWebhook(stripe, payments.webhookSecret) }) };
    }
  }
}
