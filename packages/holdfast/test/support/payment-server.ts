import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of a request to charge; `lost` means that the connection is cut without an answer. */
export type Charging = 'charged' | 'charged, reply lost' | 'request lost' | 'charged, no answer' | 'no answer';
/** What is said of a charge: the truth, nothing yet, or that it was cancelled, which it is from then on. */
export type Asking = 'truth' | 'down' | 'cancelled';

export interface PaymentServerOptions {
  /** By how many requests to charge there were before. Default: charged. */
  readonly charging?: (before: number) => Charging;
  /** By how many questions there were before. Default: the truth. */
  readonly asking?: (before: number) => Asking;
}

/**
 * A payment provider with a ledger of its own, in the test's process, so that it outlives its customers. It does not know idempotency keys:
 * a second request under the same key charges a second time.
 */
export class PaymentServer {
  /** Keys of the charges that really happened, in order. */
  readonly charges: string[] = [];
  /** Keys of the requests to charge, in order. */
  readonly requests: string[] = [];
  asked = 0;
  /** Requests that are kept waiting for an answer. */
  readonly waiting: ServerResponse[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #arrivals = new Set<() => void>();
  readonly #options: PaymentServerOptions;
  #isCancelled = false;
  #isWell = false;

  private constructor(options: PaymentServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const key = request.url?.slice(1) ?? '';
      // Only a request that came as a whole counts.
      request.resume().on('end', () => (request.method === 'POST' ? this.#charge(key, response) : this.#answer(key, response)));
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#tell();
      });
    });
  }

  static async start(options: PaymentServerOptions = {}): Promise<PaymentServer> {
    const provider = new PaymentServer(options);
    provider.#server.listen(0, '127.0.0.1');
    await once(provider.#server, 'listening');
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many requests to charge have come. */
  async requested(count: number): Promise<void> {
    await this.#until(() => this.requests.length >= count);
  }

  /** Resolves when nobody is connected: what a killed process had sent has been seen. */
  async quiet(): Promise<void> {
    await this.#until(() => this.#sockets.size === 0);
  }

  /** From now on every request is answered, and truly. */
  getWell(): void {
    this.#isWell = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #charge(key: string, response: ServerResponse): void {
    const what = this.#isWell ? 'charged' : (this.#options.charging?.(this.requests.length) ?? 'charged');
    this.requests.push(key);
    if (what.startsWith('charged')) this.charges.push(key);
    if (what === 'charged') response.end(receiptOf(key));
    else if (what.endsWith('no answer')) this.waiting.push(response);
    else response.socket?.destroy();
    this.#tell();
  }

  #answer(key: string, response: ServerResponse): void {
    const what = this.#isWell ? 'truth' : (this.#options.asking?.(this.asked) ?? 'truth');
    this.asked += 1;
    if (what === 'cancelled') this.#isCancelled = true;
    if (this.#isCancelled) response.writeHead(410).end();
    else if (what === 'down') response.writeHead(503).end();
    else if (this.charges.includes(key)) response.end(receiptOf(key));
    else response.writeHead(404).end();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#arrivals.add(resolve);
      await promise;
      this.#arrivals.delete(resolve);
    }
  }

  #tell(): void {
    for (const arrived of this.#arrivals) arrived();
  }
}

export function receiptOf(key: string): string {
  return JSON.stringify({ receipt: `r-${key}` });
}
