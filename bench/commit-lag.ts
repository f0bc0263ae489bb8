import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { StateManager, type StateHandle } from 'holdfast';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { BenchDirectory, Tally } from './bench-state.ts';
import { Follower, monotonicMs } from './follower.ts';
import { BenchPostgres } from './postgres-server.ts';
import { PostgresCounters } from './postgres-sides.ts';
import { quantile } from './quantile.ts';
import type { BenchQuestion, BenchSide } from './question.ts';
import { SqliteByHand } from './sqlite-by-hand.ts';

/** Somebody who commits, and whoever sees it in another process. */
interface Announced {
  readonly follower: Follower;
  open(): Promise<void>;
  /** Writes something durable and gives the number under which it will be seen. */
  commit(): Promise<number>;
  close(): Promise<void>;
}

const server = new BenchPostgres();
/** Of the schema, and of the channel. */
const BY_HAND = 'lag_by_hand';

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

/** The same rows by hand; then the database file is touched, which a process watches that selects what is new. */
class SqliteByHandAnnounced implements Announced {
  readonly follower: Follower = new Follower();
  readonly #byHand = new SqliteByHand(1);

  async open(): Promise<void> {
    await this.#byHand.open();
    this.#byHand.commit();
    await this.follower.start('raw-follower-main.ts', 'sqlite', this.#byHand.path);
  }

  commit(): Promise<number> {
    this.#byHand.commit();
    this.#byHand.touch();
    return Promise.resolve(this.#byHand.seq);
  }

  async close(): Promise<void> {
    await this.follower.stop();
    this.#byHand.close();
  }
}

/** The same rows by hand, inserted and told of in one statement; another process listens and selects what is new. */
class PostgresByHandAnnounced implements Announced {
  readonly follower: Follower = new Follower();
  readonly #counters = new PostgresCounters(BY_HAND, 1);

  async open(): Promise<void> {
    await this.#counters.open({ followed: false });
    await this.follower.start('raw-follower-main.ts', 'postgres', this.#counters.url, BY_HAND);
  }

  commit(): Promise<number> {
    return this.#counters.commitByHand(BY_HAND);
  }

  async close(): Promise<void> {
    await this.follower.stop();
    await this.#counters.close();
  }
}

/**
 * How long it takes, of so large a share of commits at most, until another process has what was asked to be committed. Against the same rows written, told of
 * and read by hand: the disk's, the database's and the signal's part are in both sides.
 */
export function lagQuestion(options: {
  readonly store: 'SQLite' | 'Postgres';
  readonly share: number;
  readonly ratioAtMost?: number;
  readonly atMost?: number;
}): BenchQuestion {
  const { store, share, ratioAtMost, atMost } = options;
  const target = ratioAtMost !== undefined && { target: { atMost: ratioAtMost } };
  return {
    title: `a commit on ${store}, seen in another process, p${share * 100}`,
    unit: 'ms',
    // Two processes that wake each other scatter more than one that works.
    rounds: 15,
    ...(atMost !== undefined && { atMost }),
    sides:
      store === 'SQLite'
        ? [
            { name: 'holdfast', ...lagOf(new SqliteAnnounced(), share) },
            { name: 'rows by hand, fs.watch + SELECT', ...target, ...lagOf(new SqliteByHandAnnounced(), share) },
            { name: 'append + fdatasync, fs.watch + read', ...lagOf(new FileAnnounced(), share) },
          ]
        : [
            { name: 'holdfast', ...lagOf(new PostgresAnnounced(), share) },
            { name: 'rows by hand + NOTIFY, LISTEN + SELECT', ...target, ...lagOf(new PostgresByHandAnnounced(), share) },
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
