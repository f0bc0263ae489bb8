import { ConfigError } from '../config-error.ts';
import { PROVIDER_NAMES, type ProviderName } from './payment-provider.ts';
import { isStripeTestKey } from './stripe-client.ts';

/** Who takes the payments, with what that needs. */
export type PaymentsConfig =
  | { readonly provider: 'simulated' | 'none' }
  | { readonly provider: 'stripe'; readonly secretKey: string; readonly webhookSecret: string | undefined }
  | { readonly provider: 'mcp'; readonly url: string; readonly token: string | undefined };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads who takes the payments: MAYA_PAYMENTS, else Stripe when there is a key for it, else the simulated provider.
 * @throws {ConfigError} for a value that does not fit; keys are not shown.
 */
export function paymentsConfig(environment: Environment): PaymentsConfig {
  const secretKey = stripeKey(environment);
  const webhookSecret = secretOf(environment, 'STRIPE_WEBHOOK_SECRET', /^whsec_\S+$/, 'a signing secret of Stripe, whsec_…');
  const provider = chosen(environment['MAYA_PAYMENTS'], secretKey !== undefined);
  switch (provider) {
    case 'simulated':
    case 'none':
      return { provider };
    case 'stripe':
      if (secretKey === undefined)
        throw new ConfigError('MAYA_PAYMENTS is "stripe"; that needs STRIPE_SECRET_KEY, a test-mode key of Stripe.');
      return { provider, secretKey, webhookSecret };
    case 'mcp':
      return {
        provider,
        url: mcpUrl(environment['MAYA_PAYMENTS_MCP_URL']),
        token: secretOf(environment, 'MAYA_PAYMENTS_MCP_TOKEN', /^[\x21-\x7e]+$/, 'a token without spaces'),
      };
  }
}

function chosen(value: string | undefined, hasStripeKey: boolean): ProviderName {
  if (value === undefined || value === '') return hasStripeKey ? 'stripe' : 'simulated';
  const provider = PROVIDER_NAMES.find((name) => name === value);
  if (!provider) throw new ConfigError(`MAYA_PAYMENTS is ${JSON.stringify(value)}; it must be one of ${PROVIDER_NAMES.join(', ')}.`);
  return provider;
}

/** A live key is refused even where Stripe is not chosen: no real money is ever within reach of the bar. */
function stripeKey(environment: Environment): string | undefined {
  const key = environment['STRIPE_SECRET_KEY']?.trim() ?? '';
  if (key === '') return undefined;
  if (/^[srp]k_live_/.test(key))
    throw new ConfigError(
      'STRIPE_SECRET_KEY is a live key, which would move real money; Maya takes test-mode keys only, sk_test_… or rk_test_….',
    );
  if (!isStripeTestKey(key))
    throw new ConfigError('STRIPE_SECRET_KEY does not fit; it must be a test-mode key of Stripe, sk_test_… or rk_test_….');
  return key;
}

function secretOf(environment: Environment, name: string, form: RegExp, accepted: string): string | undefined {
  const value = environment[name]?.trim() ?? '';
  if (value === '') return undefined;
  if (!form.test(value)) throw new ConfigError(`${name} does not fit; it must be ${accepted}.`);
  return value;
}

function mcpUrl(value = ''): string {
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw new ConfigError(
    `MAYA_PAYMENTS is "mcp"; that needs MAYA_PAYMENTS_MCP_URL, which is ${JSON.stringify(value)} and must be an address such as https://mcp.example/mcp.`,
  );
}
