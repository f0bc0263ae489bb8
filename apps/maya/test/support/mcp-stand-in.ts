import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ProviderPayment } from '../../server/payments/payment-provider.ts';
import { SimulatedLedger } from '../../server/payments/simulated-ledger.ts';
import { SimulatedProvider, type ProviderCall, type ProviderFault } from '../../server/payments/simulated-provider.ts';
import { StandInServer } from './stand-in-server.ts';

const Link = z.object({ id: z.string(), url: z.string(), amount: z.int(), currency: z.string(), status: z.string() });
type LinkResult = z.infer<typeof Link>;
const TOKEN = 'token-for-tests';

export interface McpStandInOptions {
  /** Tools that the server does not offer. */
  readonly without?: readonly string[];
}

/** A real MCP server over streamable HTTP that makes payment links, with books of its own and pages where guests pay them. */
export class McpStandIn extends StandInServer {
  readonly token = TOKEN;
  /** How its tools shall fail; empty is not at all. */
  readonly faults = new Map<ProviderCall, ProviderFault>();
  readonly calls: string[] = [];
  readonly provider: SimulatedProvider;
  readonly #without: ReadonlySet<string>;
  readonly #handler = createMcpHandler(() => this.#tools());

  private constructor({ without = [] }: McpStandInOptions) {
    super();
    this.#without = new Set(without);
    this.provider = new SimulatedProvider({ ledger: new SimulatedLedger(undefined), fault: (call) => this.faults.get(call) });
  }

  static async start(options: McpStandInOptions = {}): Promise<McpStandIn> {
    return await new McpStandIn(options).listen();
  }

  get url(): string {
    return `${this.origin}/mcp`;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await this.provider.close();
  }

  #tools(): McpServer {
    const server = new McpServer({ name: 'payment-links', version: '1.0.0' });
    const { signal } = new AbortController();
    const tool = (
      name: string,
      inputSchema: z.ZodObject,
      outputSchema: z.ZodObject,
      run: (input: Record<string, string | number | undefined>) => Promise<LinkResult | { readonly payment_link: LinkResult | null }>,
    ): void => {
      if (this.#without.has(name)) return;
      server.registerTool(name, { description: name, inputSchema, outputSchema }, async (input) => {
        this.calls.push(name);
        const structuredContent = await run(input as Record<string, string | number | undefined>);
        return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
      });
    };
    const whole = (link: ProviderPayment): LinkResult => Link.parse({ ...link, url: `${this.origin}${link.url}` });
    const text = { currency: z.string(), description: z.string(), idempotency_key: z.string() };
    tool(
      'create_payment_link',
      z.object({ amount: z.int(), ...text }),
      Link,
      async ({ amount, currency, description, idempotency_key: key }) =>
        whole(
          await this.provider.create(
            {
              amount: Number(amount),
              currency: String(currency),
              description: String(description),
              idempotencyKey: String(key),
              startedAt: 0,
            },
            signal,
          ),
        ),
    );
    const look = z.object({ id: z.string().optional(), idempotency_key: z.string().optional() });
    tool('get_payment_link', look, z.object({ payment_link: Link.nullable() }), async ({ id, idempotency_key: key }) => {
      const payment = { amount: 1, currency: '', description: '', idempotencyKey: String(key), startedAt: 0 };
      const found = id === undefined ? await this.provider.find(payment, signal) : await this.provider.get(String(id), signal);
      return { payment_link: found ? whole(found) : null };
    });
    tool('deactivate_payment_link', z.object({ id: z.string() }), z.object({ payment_link: Link.nullable() }), async ({ id }) => {
      const found = await this.provider.cancel(String(id), signal);
      return { payment_link: found ? whole(found) : null };
    });
    return server;
  }

  protected override async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', this.origin);
    const [, page, id = '', answer] = pathname.split('/');
    if (page === 'pay') return await this.#page(id, answer, response);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const headers = new Headers(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const method = request.method ?? 'GET';
    const answered = await this.#handler.fetch(new Request(this.url, { method, headers, ...(method === 'POST' && { body }) }));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  }

  async #page(id: string, answer: string | undefined, response: ServerResponse): Promise<void> {
    if (answer === 'confirm') await this.provider.answer(id, 'paid');
    const { description = '', status = 'gone' } = (await this.provider.look(id)) ?? {};
    const button = status === 'open' ? `<form method="post" action="/pay/${id}/confirm"><button>Pay</button></form>` : '';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><html lang="en"><title>Payment link</title><h1>${description}</h1><p>${status}</p>${button}</html>`);
  }
}
