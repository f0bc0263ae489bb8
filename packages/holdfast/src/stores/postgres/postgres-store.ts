import { HoldfastError } from '../../errors/index.ts';
import {
  assertName,
  assertStorable,
  LogSignal,
  newCommitId,
  notImporting,
  unfinishedImport,
  type BatchResult,
  type Commit,
  type CompactionPlan,
  type Drop,
  type ImportPart,
  type Store,
  type StoreCapabilities,
  type StoreInfo,
  type StoreOpenOptions,
  type StoreUsage,
} from '../../store/index.ts';
import { commitBatch } from './commit-batch.ts';
import { Connection, type PostgresClient } from './connection.ts';
import { beginImport, endImport, importPart, readStanding } from './import-part.ts';
import { LogWatch, type PostgresListener } from './log-watch.ts';
import { openSchema } from './open-schema.ts';
import { findEntity, findEntityByEid, readEntities, readHeads } from './read-entities.ts';
import { findItem, readItems } from './read-items.ts';
import { readLastSeq, readLog } from './read-log.ts';
import { readState } from './read-state.ts';
import { readUsage } from './read-usage.ts';
import { encodeSnapshotRow, type Int8 } from './rows.ts';
import { channelOf, FORMAT } from './schema.ts';

export interface PostgresOptions {
  /** Runs the statements, each a transaction of its own: a `pg.Pool`, behind a pooler or not. The caller closes it, after the store. */
  readonly client: PostgresClient;
  /**
   * Makes a client with a connection of its own, not through a transaction pooler, that is told of commits at once: `() => new pg.Client(url)`. Called again
   * whenever that connection breaks. Without it the store polls.
   */
  readonly listen?: () => PostgresListener;
  /** The schema that is the store; several stores may share a database. Lower-case letters, digits and `_`, at most 48. Default `holdfast`. */
  readonly schema?: string;
  /** How long a call may take, half of it for waiting on other writers, before it is STORE_UNAVAILABLE. Default 30,000. */
  readonly statementTimeoutMs?: number;
  /** How often to look for commits that nobody told of. Default 500, or 10,000 with `listen`. */
  readonly pollMs?: number;
}

/**
 * A store in one schema of a Postgres database, version 18 or newer, for processes of many machines. The schema is made when the store is opened. Commits are
 * `synced` or `written` as they ask; a `written` one survives the process, but not a crash of the server within the next half second. The clock is the database's.
 * @throws {HoldfastError} INVALID_ARGUMENT when the schema's name or a time is not acceptable.
 */
export function postgres(options: PostgresOptions): Store {
  const { schema = 'holdfast', statementTimeoutMs = 30_000, pollMs = options.listen ? 10_000 : 500 } = options;
  if (!/^[a-z_][a-z0-9_]{0,47}$/.test(schema) || schema.startsWith('pg_')) {
    const message = `A schema is called by 1 to 48 lower-case letters, digits and _, not beginning with a digit or pg_; ${JSON.stringify(schema)} is not.`;
    throw new HoldfastError('INVALID_ARGUMENT', message, { argument: 'schema' });
  }
  for (const [argument, ms] of Object.entries({ statementTimeoutMs, pollMs })) {
    if (!(Number.isFinite(ms) && ms >= 1 && ms < 2 ** 31))
      throw new HoldfastError('INVALID_ARGUMENT', `${argument} must be a number of milliseconds from 1 to 2^31, not ${ms}.`, { argument });
  }
  return new PostgresStore({ ...options, schema, statementTimeoutMs, pollMs });
}

class PostgresStore implements Store {
  readonly name: string;
  readonly capabilities: StoreCapabilities = { sharedBetweenProcesses: true, survivesProcess: true };
  readonly #db: Connection;
  readonly #options: Required<Pick<PostgresOptions, 'schema' | 'pollMs'>> & Pick<PostgresOptions, 'listen'>;
  readonly #signal = new LogSignal();
  #watch: LogWatch | undefined;
  #isImporting = false;

  constructor(options: PostgresOptions & Required<Pick<PostgresOptions, 'schema' | 'pollMs' | 'statementTimeoutMs'>>) {
    this.#db = new Connection(options);
    this.name = this.#db.name;
    this.#options = options;
  }

  async open({ readOnly = false, importing = false }: StoreOpenOptions = {}): Promise<StoreInfo> {
    this.#db.open({ readOnly });
    try {
      const storeId = await openSchema(this.#db);
      if (!this.#watch) {
        if (importing) await beginImport(this.#db);
        else if ((await readStanding(this.#db)) !== undefined) throw unfinishedImport(this.name);
        this.#isImporting = importing;
      }
      const standing = this.#isImporting ? await readStanding(this.#db) : undefined;
      const seq = await readLastSeq(this.#db);
      const { schema, listen, pollMs } = this.#options;
      this.#watch ??= new LogWatch({
        seq,
        look: () => readLastSeq(this.#db),
        moved: () => this.#signal.fire(),
        pollMs,
        channel: channelOf(schema),
        listen,
      });
      return { storeId, format: FORMAT, seq, ...(this.#isImporting && { standing: standing ?? '' }) };
    } catch (error) {
      if (!this.#watch) await this.#db.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#signal.clear();
    const watch = this.#watch;
    this.#watch = undefined;
    await Promise.all([this.#db.close(), watch?.close()]);
  }

  async now(): Promise<number> {
    const [row] = await this.#db.read<{ readonly now: Int8 }>('SELECT holdfast.clock_ms() AS now');
    return Number(row?.now);
  }

  async commit(batch: readonly Commit[]): Promise<BatchResult> {
    assertStorable(batch);
    return await this.#writing(
      () => commitBatch(this.#db, batch),
      (result) => (result.ok ? Math.max(0, ...result.seqs) : 0),
    );
  }

  async entity(scope: string, id: string): ReturnType<Store['entity']> {
    assertName('entity id', id);
    return await findEntity(this.#db, scope, id);
  }

  async entityByEid(eid: number): ReturnType<Store['entityByEid']> {
    return await findEntityByEid(this.#db, eid);
  }

  async entities(...[filter, after, limit]: Parameters<Store['entities']>): ReturnType<Store['entities']> {
    return await readEntities(this.#db, filter, after, limit);
  }

  async heads(eid: number): ReturnType<Store['heads']> {
    return await readHeads(this.#db, eid);
  }

  async load(eid: number, state: string, atVersion?: number): ReturnType<Store['load']> {
    return await readState(this.#db, eid, state, atVersion);
  }

  async log(...[since, filter, limit]: Parameters<Store['log']>): ReturnType<Store['log']> {
    return await readLog(this.#db, since, filter, limit);
  }

  async item(eid: number, collection: string, key: string): ReturnType<Store['item']> {
    assertName('key', key);
    return await findItem(this.#db, eid, collection, key);
  }

  async items(...[filter, after, limit]: Parameters<Store['items']>): ReturnType<Store['items']> {
    return await readItems(this.#db, filter, after, limit);
  }

  async sweep(limit: number): Promise<{ dropped: readonly Drop[]; items: number }> {
    const { dropped, items } = await this.#writing(
      async () =>
        (await this.#db.write('SELECT holdfast.sweep($1, $2, $3)::text AS result', [limit, newCommitId(), this.#db.lockTimeoutMs])) as {
          readonly seq: number | null;
          readonly dropped: readonly Drop[];
          readonly items: number;
        },
      ({ seq }) => seq ?? 0,
    );
    return { dropped, items };
  }

  async compact({ snapshots, prune }: CompactionPlan): Promise<void> {
    const plan = JSON.stringify({ snapshots: snapshots.map(encodeSnapshotRow), prune });
    await this.#db.write('SELECT holdfast.compact($1, $2)', [plan, this.#db.lockTimeoutMs]);
  }

  /** `totalBytes` counts indexes and what is not vacuumed yet. */
  async usage(eid?: number): Promise<StoreUsage> {
    return await readUsage(this.#db, eid);
  }

  async import(part: ImportPart | 'end'): Promise<void> {
    if (!this.#isImporting) throw notImporting(this.name);
    if (part === 'end') await endImport(this.#db);
    else await importPart(this.#db, part);
  }

  signal(callback: () => void): () => void {
    this.#db.assertOpen();
    return this.#signal.subscribe(callback);
  }

  /** Tells the watch where the log stands after a write of this process, so that its own notification is not taken for news. */
  async #writing<Result>(write: () => Promise<Result>, seqOf: (result: Result) => number): Promise<Result> {
    const watch = this.#watch;
    let seq = 0;
    watch?.beginOwn();
    try {
      const result = await write();
      seq = seqOf(result);
      return result;
    } finally {
      watch?.endOwn(seq);
    }
  }
}
