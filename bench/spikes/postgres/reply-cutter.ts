import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The last message of every reply, which Postgres sends when the transaction is over: ReadyForQuery, idle. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A proxy that can lose one reply: it lets the request through, waits until Postgres has committed, and cuts the connection. */
export class ReplyCutter implements AsyncDisposable {
  /** What becomes of the next request: its reply is lost after the commit, or it never arrives. */
  next: 'pass' | 'lose-reply' | 'lose-request' = 'pass';
  readonly #sockets = new Set<Socket>();
  readonly #server;

  constructor(target: number) {
    this.#server = createServer((client) => {
      const postgres = connect(target, '127.0.0.1');
      const cut = (): void => {
        this.next = 'pass';
        client.destroy();
        postgres.destroy();
      };
      for (const socket of [client, postgres]) {
        this.#sockets.add(socket);
        socket.on('error', cut).on('close', () => (this.#sockets.delete(socket), client.destroy(), postgres.destroy()));
      }
      client.on('data', (bytes) => (this.next === 'lose-request' ? cut() : postgres.write(bytes)));
      postgres.on('data', (bytes: Buffer) => {
        if (this.next !== 'lose-reply') client.write(bytes);
        else if (bytes.subarray(-READY.length).equals(READY)) cut();
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
