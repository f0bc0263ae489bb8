import type { Logger } from 'pino';
import { z } from 'zod';
import { Availability } from './availability.ts';
import { McpConnection, type McpConnectionOptions } from './mcp-connection.ts';
import type { NewPayment, PaymentProvider, ProviderPayment } from './payment-provider.ts';

const LinkSchema = z.object({
  id: z.string().min(1),
  url: z.string().regex(/^https?:\/\//),
  amount: z.int().min(1),
  currency: z.string(),
  status: z.enum(['open', 'paid', 'declined', 'cancelled', 'expired']),
});
const LookupSchema = z.object({ payment_link: LinkSchema.nullable() });

export interface McpProviderOptions extends McpConnectionOptions {
  readonly log: Logger;
  /** Epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * An MCP server takes the payments. It offers `create_payment_link` (amount in minor units, currency, description, idempotency_key), which gives the same
 * link for the same key; `get_payment_link` (id, or idempotency_key); and, where links can be ended, `deactivate_payment_link` (id).
 */
export class McpProvider implements PaymentProvider {
  readonly name = 'mcp';
  readonly #connection: McpConnection;
  readonly #availability: Availability;

  constructor({ log, clock = Date.now, ...connection }: McpProviderOptions) {
    this.#connection = new McpConnection(connection);
    this.#availability = new Availability(async (signal) => {
      try {
        await this.#connection.ping(signal);
        return true;
      } catch (error) {
        log.warn({ err: error }, 'the MCP server for payments cannot be used');
        return false;
      }
    }, clock);
  }

  isAvailable(): Promise<boolean> {
    return this.#availability.check();
  }

  async create({ amount, currency, description, idempotencyKey }: NewPayment, signal: AbortSignal): Promise<ProviderPayment> {
    const args = { amount, currency, description, idempotency_key: idempotencyKey };
    return LinkSchema.parse(await this.#connection.call('create_payment_link', args, signal));
  }

  find({ idempotencyKey }: NewPayment, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#look({ idempotency_key: idempotencyKey }, signal);
  }

  get(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return this.#look({ id }, signal);
  }

  async cancel(id: string, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    if (await this.#connection.canDeactivate(signal)) await this.#connection.call('deactivate_payment_link', { id }, signal);
    return await this.get(id, signal);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #look(args: Record<string, string>, signal: AbortSignal): Promise<ProviderPayment | undefined> {
    return LookupSchema.parse(await this.#connection.call('get_payment_link', args, signal)).payment_link ?? undefined;
  }
}
