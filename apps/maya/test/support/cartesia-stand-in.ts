import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that lists voices like the Cartesia API. */
export class CartesiaStandIn implements AsyncDisposable {
  /** Keys that it accepts. */
  readonly keys: Set<string> = new Set(['sk_car_good_key']);
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const key = request.headers.authorization?.replace('Bearer ', '') ?? (request.headers['x-api-key'] as string | undefined) ?? '';
      const isListing = request.url?.startsWith('/voices?limit=1') ?? false;
      const status = isListing ? (this.keys.has(key) ? 200 : 401) : 404;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [], has_more: false }));
    });
  }

  static async start(): Promise<CartesiaStandIn> {
    const standIn = new CartesiaStandIn();
    standIn.#server.listen(0, '127.0.0.1');
    await once(standIn.#server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
