import { StateManager } from 'holdfast';
import { postgres } from 'holdfast/postgres';
import type { Store } from 'holdfast/store';
import pg from 'pg';
import { addConversations, Notes } from '../conversations.ts';
import { Follower, monotonicMs } from '../follower.ts';

const BATCH = 500;
const EXPIRED = 100;

/** One schema with so many conversations, and what its users do with it. Times in ms. */
export class StoreOfConversations {
  readonly #url: string;
  readonly #schema: string;
  #pool: pg.Pool | undefined;
  #store: Store | undefined;
  #state: StateManager | undefined;
  #count = 0;
  #expiring = 0;
  #random = 1;

  constructor(url: string, schema: string) {
    this.#url = url;
    this.#schema = schema;
  }

  /** Answers how long it took until a conversation could be read. */
  async open(): Promise<number> {
    const start = performance.now();
    this.#pool = new pg.Pool({ connectionString: this.#url, max: 4 });
    this.#pool.on('error', () => undefined);
    this.#store = postgres({ client: this.#pool, listen: () => new pg.Client(this.#url), schema: this.#schema });
    this.#state = await StateManager.open({ store: this.#store, sweepEveryMs: 0, effectScanEveryMs: 60_000 });
    if (this.#count > 0) await this.read();
    return performance.now() - start;
  }

  async close(): Promise<void> {
    await this.#state?.close();
    await this.#pool?.end();
  }

  async grow(to: number, progress: (count: number) => void): Promise<void> {
    while (this.#count < to) {
      const count = Math.min(BATCH, to - this.#count);
      await addConversations(this.#store!, { from: this.#count, count });
      this.#count += count;
      progress(this.#count);
    }
  }

  /** What autovacuum does in time, so that the figures do not hang on whether it just came by. */
  async vacuum(): Promise<void> {
    for (const table of ['entity', 'head', 'change', 'commit_log']) await this.#pool!.query(`VACUUM (ANALYZE) ${this.#schema}.${table}`);
    await this.#pool!.query('CHECKPOINT');
  }

  /** A conversation that this process has not read before, most likely, until its state is there. */
  async read(): Promise<number> {
    const id = this.#any();
    const start = performance.now();
    const notes = await this.#state!.conversation(id).get(Notes);
    const elapsedMs = performance.now() - start;
    if (notes.current.notes.length === 0) throw new Error(`${id} is empty`);
    return elapsedMs;
  }

  /** A synced commit on a conversation that was read before. */
  async commit(): Promise<number> {
    const notes = await this.#state!.conversation(this.#any()).get(Notes);
    const start = performance.now();
    await notes.update((draft) => void (draft.turns += 1));
    return performance.now() - start;
  }

  /** Until the feed of another process gives the commit, from when it was asked for. */
  async feed(follower: Follower): Promise<number> {
    const notes = await this.#state!.conversation(this.#any()).get(Notes);
    const start = monotonicMs();
    const { seq } = await notes.update((draft) => void (draft.turns += 1));
    return (await follower.seen(seq)) - start;
  }

  async follow(): Promise<Follower> {
    const follower = new Follower();
    await follower.start('follower-main.ts', 'postgres', this.#url, this.#schema);
    return follower;
  }

  /** Deletes 100 conversations that have just expired. */
  async sweep(): Promise<number> {
    this.#expiring += 1;
    await addConversations(this.#store!, { from: 1_000_000_000 + this.#expiring * EXPIRED, count: EXPIRED, ttlMs: 1 });
    const start = performance.now();
    const swept = await this.#state!.sweep({ limit: 1_000 });
    if (swept.length !== EXPIRED) throw new Error(`${swept.length} conversations were swept`);
    return performance.now() - start;
  }

  /** With indexes. */
  async bytes(): Promise<number> {
    const { rows } = await this.#pool!.query<{ bytes: string }>(
      "SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'",
      [this.#schema],
    );
    return Number(rows[0]?.bytes);
  }

  #any(): string {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return `c-${Math.floor((this.#random / 2 ** 32) * this.#count)}`;
  }
}
