import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Durability } from 'holdfast/store';
import type pg from 'pg';
import { createEntities } from './check-concurrency.ts';
import { commitBatch, increment } from './commit-batch.ts';
import { alternate, describe, type Side } from './alternate.ts';
import { incrementByHand } from './raw-cte.ts';
import type { PostgresServer } from './server.ts';

const ROUNDS = 5;
const GROUP = 64;

/** What it costs the writer that somebody follows. */
const followed = [
  ['1 call of 64, with a listener', '1 call of 64'],
  ['1 call of 64, with a feed', '1 call of 64'],
  ['64 calls, with a feed', '64 calls'],
] as const;

/** Runs all sides in turn, in every round, and answers one table: microseconds per commit, and the ratios that the targets name. */
export async function measure(server: PostgresServer): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const lines: string[] = [
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${await serverVersion(server)}; median of ${ROUNDS} rounds (lowest - highest)`,
  ];
  for (const durability of ['synced', 'written'] as const) {
    const sides = await makeSides(server, durability, stack);
    await alternate(sides, ROUNDS);
    lines.push(
      '',
      ...describe(`${durability}, 1 client`, sides, [
        ['64 calls', '64 CTE statements'],
        ['1 call of 64', '64 CTE statements'],
        ['1 call of 64', '64 calls'],
        ['1 call of 64', '1 CTE statement of 64'],
        ...(durability === 'synced' ? followed : []),
      ]),
    );
  }
  const sides = await makeContention(server, stack);
  await alternate(sides, ROUNDS);
  lines.push(
    '',
    ...describe('synced, several clients, 1 commit a call', sides, [
      ['4 clients, row lock', '4 clients, advisory lock'],
      ['2 stores, no NOTIFY', '2 stores, NOTIFY'],
    ]),
  );
  return lines.join('\n');
}

async function makeSides(server: PostgresServer, durability: Durability, stack: AsyncDisposableStack): Promise<Side[]> {
  const sides: Side[] = [];
  const add = async (
    name: string,
    write: (client: pg.Client, schema: string, eids: readonly number[], version: number) => Promise<void>,
    follower?: 'listen' | 'feed',
  ): Promise<void> => {
    const schema = `${durability}_${sides.length}`;
    await server.createStore(schema);
    const client = stack.adopt(await server.connect(), (open) => open.end());
    if (durability === 'written') await client.query('SET synchronous_commit = off');
    const eids = await createEntities(
      client,
      schema,
      Array.from({ length: GROUP }, (_, i) => `entity-${i}`),
    );
    await commitBatch(
      client,
      schema,
      eids.map((eid) => increment(eid, 0)),
    );
    if (follower === 'listen') await stack.adopt(await server.connect(), (open) => open.end()).query(`LISTEN ${schema}`);
    if (follower === 'feed') {
      const feed = stack.adopt(fork(fileURLToPath(new URL('feed-main.ts', import.meta.url)), [String(server.port), schema]), endFeed);
      await once(feed, 'message');
    }
    let version = 1;
    sides.push({
      name,
      usPerCommit: [],
      commits: GROUP,
      writesPerRound: name.startsWith('64') ? 2 : 10,
      write: () => write(client, schema, eids, version++),
    });
  };
  const oneByOne = async (client: pg.Client, schema: string, eids: readonly number[], version: number): Promise<void> => {
    for (const eid of eids) mustBeWritten(await commitBatch(client, schema, [increment(eid, version, { durability })]));
  };
  const inOneCall = async (client: pg.Client, schema: string, eids: readonly number[], version: number): Promise<void> =>
    mustBeWritten(
      await commitBatch(
        client,
        schema,
        eids.map((eid) => increment(eid, version, { durability })),
      ),
    );

  await add('64 CTE statements', async (client, schema, eids, version) => {
    for (const eid of eids) await incrementByHand(client, schema, [eid], [version]);
  });
  await add('64 calls', oneByOne);
  await add('1 CTE statement of 64', (client, schema, eids, version) =>
    incrementByHand(
      client,
      schema,
      eids,
      eids.map(() => version),
    ),
  );
  await add('1 call of 64', inOneCall);
  if (durability === 'written') return sides;
  await add('64 calls, with a feed', oneByOne, 'feed');
  await add('1 call of 64, with a listener', inOneCall, 'listen');
  await add('1 call of 64, with a feed', inOneCall, 'feed');
  return sides;
}

/** Alternatives that only show when several clients write at once: what the writers wait on, and what a signal costs other stores. */
async function makeContention(server: PostgresServer, stack: AsyncDisposableStack): Promise<Side[]> {
  const side = async (name: string, schemas: readonly string[], clientsPerStore: number, edit: (sql: string) => string): Promise<Side> => {
    const writers: (() => Promise<void>)[] = [];
    const perWriter = GROUP / (schemas.length * clientsPerStore);
    for (const schema of schemas) {
      await server.createStore(schema, edit);
      for (let n = 0; n < clientsPerStore; n++) {
        const client = stack.adopt(await server.connect(), (open) => open.end());
        const [eid] = (await createEntities(client, schema, [`entity-${n}`])) as [number];
        let version = 0;
        writers.push(async () => {
          for (let i = 0; i < perWriter; i++) mustBeWritten(await commitBatch(client, schema, [increment(eid, version++)]));
        });
      }
    }
    return {
      name,
      usPerCommit: [],
      commits: GROUP,
      writesPerRound: 2,
      write: async () => void (await Promise.all(writers.map((write) => write()))),
    };
  };
  const advisory = "PERFORM pg_advisory_xact_lock(hashtextextended('holdfast', 0));";
  return [
    await side('4 clients, advisory lock', ['contend_a'], 4, (sql) => sql),
    await side('4 clients, row lock', ['contend_r'], 4, (sql) => replaceOnce(sql, advisory, 'PERFORM FROM holdfast.meta FOR UPDATE;')),
    await side('2 stores, NOTIFY', ['notify_1', 'notify_2'], 1, (sql) => sql),
    await side('2 stores, no NOTIFY', ['quiet_1', 'quiet_2'], 1, (sql) =>
      replaceOnce(sql, "PERFORM pg_notify('holdfast', seq_after::text);", ''),
    ),
  ];
}

async function endFeed(feed: ChildProcess): Promise<void> {
  feed.disconnect();
  await once(feed, 'exit');
}

function replaceOnce(sql: string, from: string, to: string): string {
  if (!sql.includes(from)) throw new Error(`schema.sql has no ${from}`);
  return sql.replace(from, to);
}

function mustBeWritten(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error(`not written: ${JSON.stringify(result)}`);
}

async function serverVersion(server: PostgresServer): Promise<string> {
  const client = await server.connect();
  const { rows } = await client.query<{ v: string }>(`SELECT 'Postgres ' || current_setting('server_version') AS v`);
  await client.end();
  return rows[0]!.v;
}
