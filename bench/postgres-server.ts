import { startPostgres, type PostgresServer } from '../packages/holdfast/test/support/postgres-server.ts';

/** A Postgres on the disk that is measured, which several sides of a question share. */
export class BenchPostgres {
  #server: PostgresServer | undefined;
  #users = 0;

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Several may start it, and share it. */
  async start(): Promise<void> {
    if ((this.#users += 1) > 1) return;
    this.#server = await startPostgres(process.env['BENCH_DIR']);
  }

  /** Stops it in order and starts it again on what it had. */
  async restart(): Promise<void> {
    await this.#server?.restart();
  }

  /** Once for each start; the last one stops it. */
  async stop(): Promise<void> {
    if ((this.#users -= 1) > 0) return;
    await this.#server?.[Symbol.asyncDispose]();
  }
}
