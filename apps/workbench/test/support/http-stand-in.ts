import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came, its body as text. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** `drop` breaks the connection instead of answering. */
export type StandInAnswer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'drop';

/** An HTTP server of this machine in the place of an outside service: what it answers is a function of the request. */
export class HttpStandIn implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;

  private constructor(answer: (request: ReceivedRequest) => StandInAnswer | Promise<StandInAnswer>) {
    this.#server = createServer((message, response) => {
      void (async () => {
        const body = Buffer.concat(await Array.fromAsync(message as AsyncIterable<Buffer>)).toString();
        const { method = 'GET', headers } = message;
        const request = { method, url: new URL(message.url ?? '/', this.url), headers, body };
        this.requests.push(request);
        const given = await answer(request);
        if (given === 'drop') return message.socket.destroy();
        const text = typeof given.body === 'string' ? given.body : JSON.stringify(given.body ?? {});
        return response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers }).end(text);
      })();
    });
  }

  static async start(answer: (request: ReceivedRequest) => StandInAnswer | Promise<StandInAnswer>): Promise<HttpStandIn> {
    const standIn = new HttpStandIn(answer);
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
