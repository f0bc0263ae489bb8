import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { StateManager, type StateHandle } from 'holdfast';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { BenchDirectory, Tally } from './bench-state.ts';
import { Follower, monotonicMs } from './follower.ts';
import { BenchPostgres } from './postgres-server.ts';
import { quantile } from './quantile.ts';
import type { BenchQuestion, BenchSide } from './question.ts';

/** Somebody who commits, and whoever sees it in another process. */
interface Announced {
  readonly follower: Follower;
  open(): Promise<void>;
  /** Writes something durable and gives the number under which it will be seen. */
  commit(): Promise<number>;
  close(): Promise<void>;
}

const server = new BenchPostgres();

abstract class HoldfastAnnounced implements Announced {
  readonly follower: Follower = new Follower();
  #state: StateManager | undefined;
  #tally: StateHandle<{ count: number; label: string }> | undefined;

  protected async use(state: StateManager, ...place: readonly string[]): Promise<void> {
    this.#state = state;
    this.#tally = await state.conversation('one').get(Tally);
    await this.commit();
    await this.follower.start('follower-main.ts', ...place);
  }

  abstract open(): Promise<void>;

  async commit(): Promise<number> {
    const { seq } = await this.#tally!.update((draft) => void (draft.count += 1));
    return seq;
  }

  async close(): Promise<void> {
    await this.follower.stop();
    await this.#state?.close();
  }
}

class SqliteAnnounced extends HoldfastAnnounced {
  readonly #directory = new BenchDirectory();

  async open(): Promise<void> {
    const path = this.#directory.file('bench.db');
    await this.use(await StateManager.open({ store: sqlite(path) }), 'sqlite', path);
  }

  override async close(): Promise<void> {
    await super.close();
    this.#directory.remove();
  }
}

class PostgresAnnounced extends HoldfastAnnounced {
  #pool: pg.Pool | undefined;

  async open(): Promise<void> {
    await server.start();
    this.#pool = new pg.Pool({ connectionString: server.url, max: 2 });
    this.#pool.on('error', () => undefined);
    const store = postgres({ client: this.#pool, listen: () => new pg.Client(server.url), schema: 'lag' });
    await this.use(await StateManager.open({ store }), 'postgres', server.url, 'lag');
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#pool?.end();
    await server.stop();
  }
}

/** A page is appended and synchronised; then another file is touched, which a process watches that reads the page. */
class FileAnnounced implements Announced {
  readonly follower: Follower = new Follower();
  readonly #directory = new BenchDirectory();
  readonly #page = Buffer.alloc(4_096);
  #data = -1;
  #signal = -1;
  #seq = 0;

  async open(): Promise<void> {
    this.#data = openSync(this.#directory.file('data'), 'a');
    this.#signal = openSync(this.#directory.file('signal'), 'a');
    await this.follower.start('raw-follower-main.ts', 'file', this.#directory.path);
  }

  commit(): Promise<number> {
    this.#seq += 1;
    this.#page.writeUInt32LE(this.#seq, 0);
    writeSync(this.#data, this.#page);
    fdatasyncSync(this.#data);
    writeSync(this.#signal, '.');
    return Promise.resolve(this.#seq);
  }

  async close(): Promise<void> {
    await this.follower.stop();
    closeSync(this.#data);
    closeSync(this.#signal);
    this.#directory.remove();
  }
}

/** A row is inserted and told of in one statement; another process listens and selects it. */
class RowAnnounced implements Announced {
  readonly follower: Follower = new Follower();
  #client: pg.Client | undefined;
  #seq = 0;

  async open(): Promise<void> {
    await server.start();
    this.#client = new pg.Client(server.url);
    await this.#client.connect();
    await this.#client.query('CREATE SCHEMA raw; CREATE TABLE raw.record (seq bigint PRIMARY KEY, body text NOT NULL)');
    await this.follower.start('raw-follower-main.ts', 'postgres', server.url, 'raw');
  }

  async commit(): Promise<number> {
    this.#seq += 1;
    const text =
      "WITH made AS (INSERT INTO raw.record (seq, body) VALUES ($1, $2) RETURNING seq) SELECT pg_notify('raw', seq::text) FROM made";
    await this.#client!.query({ name: 'insert', text, values: [this.#seq, `[["replace",["count"],${this.#seq}]]`] });
    return this.#seq;
  }

  async close(): Promise<void> {
    await this.follower.stop();
    await this.#client?.end();
    await server.stop();
  }
}

/** How long it takes, of so large a share of commits at most, until another process has what was asked to be committed; the disk's part is in both sides. */
export function lagQuestion(options: {
  readonly store: 'SQLite' | 'Postgres';
  readonly share: number;
  readonly ratioAtMost?: number;
  readonly atMost?: number;
}): BenchQuestion {
  const { store, share, ratioAtMost, atMost } = options;
  const engine = store === 'SQLite' ? new SqliteAnnounced() : new PostgresAnnounced();
  const floor = store === 'SQLite' ? new FileAnnounced() : new RowAnnounced();
  return {
    title: `a commit on ${store}, seen in another process, p${share * 100}`,
    unit: 'ms',
    ...(atMost !== undefined && { atMost }),
    sides: [
      { name: 'holdfast', ...lagOf(engine, share) },
      {
        name: store === 'SQLite' ? 'append + fdatasync, fs.watch + read' : 'INSERT + NOTIFY, LISTEN + SELECT',
        ...(ratioAtMost !== undefined && { target: { atMost: ratioAtMost } }),
        ...lagOf(floor, share),
      },
    ],
  };
}

function lagOf(announced: Announced, share: number): Pick<BenchSide, 'open' | 'round' | 'close'> {
  return {
    open: () => announced.open(),
    round: async ({ quick }) => {
      const times = quick ? 40 : 400;
      const lags: number[] = [];
      for (let done = 0; done < times; done += 1) {
        const start = monotonicMs();
        const seq = await announced.commit();
        lags.push((await announced.follower.seen(seq)) - start);
      }
      return quantile(lags, share);
    },
    close: () => announced.close(),
  };
}
