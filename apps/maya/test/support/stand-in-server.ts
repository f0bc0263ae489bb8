import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free port of this machine that stands in for a service. */
export abstract class StandInServer implements AsyncDisposable {
  readonly #server: Server = createServer((request, response) => void this.serve(request, response));
  #port = 0;

  protected abstract serve(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** Resolves with itself when it takes requests. */
  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Known when it has closed, too: a late request may still be carried out then. */
  protected get port(): number {
    return this.#port;
  }

  /** Without a slash at the end. */
  protected get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
