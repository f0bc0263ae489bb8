import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The last message of every reply, which Postgres sends when the transaction is over: ReadyForQuery, idle. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A proxy before Postgres that cuts the connection of every nth commit: in turns before it arrives, and after it was written but not answered. */
export class CommitCutter implements AsyncDisposable {
  lostRequests = 0;
  lostReplies = 0;
  readonly #every: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #commits = 0;

  constructor(target: number, options: { every: number }) {
    this.#every = options.every;
    this.#server = createServer((client) => this.#pass(client, connect(target, '127.0.0.1')));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket, postgres: Socket): void {
    let losesReply = false;
    const cut = (): void => {
      for (const socket of [client, postgres]) {
        socket.destroy();
        this.#sockets.delete(socket);
      }
    };
    for (const socket of [client, postgres]) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (bytes: Buffer) => {
      if (bytes.includes('commit_batch($1') && (this.#commits += 1) % this.#every === 0) {
        losesReply = (this.#commits / this.#every) % 2 === 0;
        if (!losesReply) {
          this.lostRequests += 1;
          cut();
          return;
        }
      }
      postgres.write(bytes);
    });
    postgres.on('data', (bytes: Buffer) => {
      if (!losesReply) client.write(bytes);
      else if (bytes.subarray(-READY.length).equals(READY)) {
        this.lostReplies += 1;
        cut();
      }
    });
  }
}
