import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { postgres } from 'holdfast/postgres';
import { emptyCommit, newCommitId, type Commit, type Store } from 'holdfast/store';
import pg from 'pg';
import { BenchPostgres } from './postgres-server.ts';
import type { BenchSide } from './question.ts';

type Measured = Pick<BenchSide, 'open' | 'round' | 'close'>;

const ENTITIES = 64;

/** One server for all sides of a question; the last side that closes stops it. */
const server = new BenchPostgres();

/** A store in a schema of its own with so many entities, each with a counter that its commits move on by one. */
export class PostgresCounters {
  readonly #schema: string;
  readonly #entities: number;
  #pool: pg.Pool | undefined;
  #store: Store | undefined;
  #feed: ChildProcess | undefined;
  #eids: readonly number[] = [];
  #version = 1;

  constructor(schema: string, entities: number = ENTITIES) {
    this.#schema = schema;
    this.#entities = entities;
  }

  get url(): string {
    return server.url;
  }

  async open(options: { followed: boolean }): Promise<void> {
    await server.start();
    this.#pool = new pg.Pool({ connectionString: server.url, max: 1 });
    // The server may be stopped before a connection that was given up has gone.
    this.#pool.on('error', () => undefined);
    this.#store = postgres({ client: this.#pool, schema: this.#schema, pollMs: 60_000 });
    await this.#store.open();
    const created = await this.#store.commit(
      Array.from({ length: this.#entities }, (_, index) => ({
        ...emptyCommit(),
        creates: [{ ref: -1 - index, scope: 'conversation', id: `c-${index}` }],
        changes: [{ eid: -1 - index, state: 'count', version: 1, defVersion: 1, kind: 'full' as const, body: '{"count":1}' }],
      })),
    );
    this.#eids = created.ok ? created.created.map(({ eid }) => eid) : [];
    if (!options.followed) return;
    this.#feed = fork(join(import.meta.dirname, 'postgres-feed-main.ts'), [server.url, this.#schema]);
    await once(this.#feed, 'message');
  }

  async close(): Promise<void> {
    if (this.#feed) {
      this.#feed.disconnect();
      await once(this.#feed, 'exit');
    }
    await this.#store?.close();
    await this.#pool?.end();
    await server.stop();
  }

  /** Moves every counter on by one; so many commits in a call. */
  async commit(commitsInCall: number): Promise<void> {
    const commits = this.#eids.map((eid) => increment(eid, this.#version));
    this.#version += 1;
    for (let from = 0; from < commits.length; from += commitsInCall) {
      const result = await this.#store!.commit(commits.slice(from, from + commitsInCall));
      if (!result.ok) throw new Error(`not written: ${result.refusal.kind}`);
    }
  }

  /**
   * The floor: what somebody writes by hand who knows that all commits are increments of states that exist. One statement moves the head with a version check,
   * inserts commit and change, and tells a channel if there is one to tell; there are no kinds of refusal and no items. Answers the newest seq.
   */
  async commitByHand(channel?: string): Promise<number> {
    let newest = 0;
    for (const eid of this.#eids) {
      const body = `[["replace",["count"],${this.#version + 1}]]`;
      const sum = crc32(body, crc32([eid, 'count', this.#version + 1, 'patch'].join('\u001f')));
      const { rows } = await this.#pool!.query<{ seq: string }>(
        `WITH next AS (SELECT max(seq) + 1 AS seq FROM ${this.#schema}.commit_log),
         moved AS (UPDATE ${this.#schema}.head SET version = version + 1 WHERE eid = $1 AND state = 'count' AND version = $2 RETURNING eid, version),
         logged AS (INSERT INTO ${this.#schema}.commit_log (seq, commit_id, at, meta, sum)
                    SELECT seq, $3, floor(extract(epoch FROM now()) * 1000), '{"actor":"bench","cause":"increment"}', 0 FROM moved, next),
         changed AS (INSERT INTO ${this.#schema}.change (eid, state, version, seq, n, def_version, kind, body, sum)
                     SELECT eid, 'count', version, seq, 0, 1, 'patch', $4, $5 FROM moved, next RETURNING seq)
         SELECT seq${channel === undefined ? '' : `, pg_notify('${channel}', seq::text)`} FROM changed`,
        [eid, this.#version, newCommitId(), body, sum],
      );
      if (rows.length !== 1) throw new Error('the version had moved');
      newest = Number(rows[0]?.seq);
    }
    this.#version += 1;
    return newest;
  }
}

/** Measures commits in a second, synced, of one client that waits for each call. */
export function postgresSide(
  schema: string,
  write: (counters: PostgresCounters) => Promise<unknown>,
  options = { followed: false },
): Measured {
  const counters = new PostgresCounters(schema);
  return {
    open: () => counters.open(options),
    round: async ({ quick }) => {
      const times = quick ? 2 : 8;
      const start = performance.now();
      for (let done = 0; done < times; done += 1) await write(counters);
      return (times * ENTITIES * 1_000) / (performance.now() - start);
    },
    close: () => counters.close(),
  };
}

function increment(eid: number, version: number): Commit {
  const body = `[["replace",["count"],${version + 1}]]`;
  return {
    ...emptyCommit(),
    durability: 'synced',
    meta: { actor: 'bench', cause: 'increment' },
    expects: [{ eid, state: 'count', version }],
    changes: [{ eid, state: 'count', version: version + 1, defVersion: 1, kind: 'patch', body }],
  };
}
