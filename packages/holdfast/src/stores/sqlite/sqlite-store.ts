import { resolve } from 'node:path';
import { HoldfastError } from '../../errors/index.ts';
import {
  assertName,
  assertStorable,
  checksum,
  damaged,
  LogSignal,
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
import { backupDatabase } from './backup.ts';
import { commitBatch } from './commit-batch.ts';
import { compact } from './compact.ts';
import { Connection } from './connection.ts';
import { EntityNames } from './entity-names.ts';
import { findEntity, findEntityByEid, findItem } from './find-rows.ts';
import { beginImport, endImport, importPart, readStanding } from './import-part.ts';
import { readEntities, readHeads } from './read-entities.ts';
import { readItems } from './read-items.ts';
import { readLog } from './read-log.ts';
import { readState } from './read-state.ts';
import { fileBytes, readUsage } from './read-usage.ts';
import { KnownHeads } from './known-heads.ts';
import { FORMAT } from './schema.ts';
import { storeFailure } from './sqlite-failure.ts';
import { sweep } from './sweep.ts';
import { FileWatch } from './watch.ts';
import { lastSeq } from './write-log.ts';

export interface SqliteOptions {
  /** The store's clock, epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long a call waits for other processes that write, before it is STORE_UNAVAILABLE. Default 10,000. */
  readonly busyTimeoutMs?: number;
  /** How often to look for commits of other processes that the file system did not tell of. Default 250. */
  readonly pollMs?: number;
}

/**
 * A store in one SQLite file, for one or many processes of one machine. Commits are `synced` or `written` as they ask. The file
 * is made when the store is opened, readable by its owner only; its directory must exist and be on a local disk. Opened read-only it needs no
 * permission to write: neither for the file and its directory, nor for the log and shared memory that writers keep beside it.
 * @throws {HoldfastError} INVALID_ARGUMENT when the path is empty or names no file.
 */
export function sqlite(path: string, options: SqliteOptions = {}): Store {
  if (path === '')
    throw new HoldfastError('INVALID_ARGUMENT', 'The path of a SQLite store must not be empty; name the file, as in sqlite("bar.db").', {
      argument: 'path',
    });
  if (path.startsWith(':memory:'))
    throw new HoldfastError('INVALID_ARGUMENT', 'A SQLite store is a file; use memory() for a store without one.', { argument: 'path' });
  if (path.includes('\u0000'))
    throw new HoldfastError('INVALID_ARGUMENT', 'The path of a SQLite store must not hold a NUL.', { argument: 'path' });
  return new SqliteStore(path, options);
}

class SqliteStore implements Store {
  readonly name: string;
  readonly capabilities: StoreCapabilities = { sharedBetweenProcesses: true, survivesProcess: true };
  readonly #clock: () => number;
  readonly #pollMs: number;
  readonly #db: Connection;
  readonly #signal = new LogSignal();
  readonly #known = new KnownHeads();
  #names = new EntityNames();
  #watch: FileWatch | undefined;
  #isImporting = false;

  constructor(path: string, { clock = Date.now, busyTimeoutMs = 10_000, pollMs = 250 }: SqliteOptions) {
    this.name = `sqlite ${path}`;
    this.#clock = clock;
    this.#pollMs = pollMs;
    this.#db = new Connection({ name: this.name, path: resolve(path), busyTimeoutMs });
  }

  async open({ readOnly = false, importing = false }: StoreOpenOptions = {}): Promise<StoreInfo> {
    await this.#db.open({ readOnly });
    if (!this.#watch) {
      this.#names = new EntityNames();
      await this.#beginImport(importing);
    }
    const info = await this.#db.read(() => ({
      storeId: this.#storeId(),
      format: FORMAT,
      seq: lastSeq(this.#db),
      ...(this.#isImporting && { standing: readStanding(this.#db) ?? '' }),
    }));
    if (!this.#watch) {
      this.#db.hasMoved();
      this.#watch = new FileWatch({ path: this.#db.realPath, pollMs: this.#pollMs, look: () => this.#look() });
    }
    return info;
  }

  async close(): Promise<void> {
    this.#watch?.close();
    this.#watch = undefined;
    this.#signal.clear();
    this.#db.close();
  }

  async now(): Promise<number> {
    this.#db.assertOpen();
    return this.#now();
  }

  async commit(batch: readonly Commit[]): Promise<BatchResult> {
    assertStorable(batch);
    const durability = batch.some((commit) => commit.durability === 'synced') ? 'synced' : 'written';
    const result = await this.#db.write(durability, () => commitBatch(this.#db, this.#known, batch, this.#now()));
    if (result.ok && result.seqs.some((seq) => seq > 0)) this.#tell();
    return result;
  }

  async entity(scope: string, id: string): ReturnType<Store['entity']> {
    assertName('entity id', id);
    return await this.#db.read(() => findEntity(this.#db, scope, id));
  }

  async entityByEid(eid: number): ReturnType<Store['entityByEid']> {
    return await this.#db.read(() => findEntityByEid(this.#db, eid));
  }

  async entities(...[filter, after, limit]: Parameters<Store['entities']>): ReturnType<Store['entities']> {
    return await this.#db.read(() => readEntities(this.#db, filter, after, limit));
  }

  async heads(eid: number): ReturnType<Store['heads']> {
    return await this.#db.read(() => readHeads(this.#db, eid));
  }

  async load(eid: number, state: string, atVersion?: number): ReturnType<Store['load']> {
    return await this.#db.read(() => readState(this.#db, eid, state, atVersion));
  }

  async log(...[since, filter, limit]: Parameters<Store['log']>): ReturnType<Store['log']> {
    return await this.#db.read(() => readLog(this.#db, { since, filter, limit, names: this.#names }));
  }

  async item(eid: number, collection: string, key: string): ReturnType<Store['item']> {
    assertName('key', key);
    return await this.#db.read(() => findItem(this.#db, eid, collection, key));
  }

  async items(...[filter, after, limit]: Parameters<Store['items']>): ReturnType<Store['items']> {
    return await this.#db.read(() => readItems(this.#db, filter, after, limit));
  }

  async sweep(limit: number): Promise<{ dropped: readonly Drop[]; items: number }> {
    const swept = await this.#db.write('synced', () => {
      const result = sweep(this.#db, limit, this.#now());
      return { keep: result.dropped.length + result.items > 0, result };
    });
    if (swept.dropped.length > 0) this.#tell();
    return swept;
  }

  async compact(plan: CompactionPlan): Promise<void> {
    await this.#db.write('written', () => ({ keep: true, result: compact(this.#db, plan) }));
  }

  /** Blocks this process for the walk. `totalBytes` is the database with its write-ahead log. */
  async usage(eid?: number): Promise<StoreUsage> {
    const rows = await this.#db.read(() => readUsage(this.#db, eid));
    return { rows, ...(eid === undefined && { totalBytes: fileBytes(this.#db.realPath) }) };
  }

  async import(part: ImportPart | 'end'): Promise<void> {
    if (!this.#isImporting) throw notImporting(this.name);
    await this.#db.write(part === 'end' ? 'synced' : 'written', () => {
      if (part === 'end') endImport(this.#db);
      else importPart(this.#db, part);
      return { keep: true, result: undefined };
    });
  }

  signal(callback: () => void): () => void {
    this.#db.assertOpen();
    return this.#signal.subscribe(callback);
  }

  async scrub(): Promise<boolean> {
    return await this.#db.truncateLog();
  }

  /** The copy is another store, with another id and without leases. The path must not exist, its directory must. */
  async backup(path: string): Promise<void> {
    this.#db.assertOpen();
    try {
      await backupDatabase(this.#db.realPath, path);
    } catch (error) {
      throw storeFailure(error, this.name, 'before commit');
    }
  }

  /** The store is closed again when it is not to be opened in this way. */
  async #beginImport(importing: boolean): Promise<void> {
    try {
      if (importing) await this.#db.write('synced', () => ({ keep: true, result: beginImport(this.#db) }));
      else if ((await this.#db.read(() => readStanding(this.#db))) !== undefined) throw unfinishedImport(this.name);
    } catch (error) {
      this.#db.close();
      throw error;
    }
    this.#isImporting = importing;
  }

  #now(): number {
    return Math.floor(this.#clock());
  }

  #storeId(): string {
    const row = this.#db.get<{ value: string; sum: number }>("SELECT value, sum FROM meta WHERE key = 'storeId'");
    if (!row || checksum(['storeId'], row.value) !== row.sum) throw damaged('the store’s own id');
    return row.value;
  }

  /** The log has moved, by this process. */
  #tell(): void {
    this.#watch?.touch();
    this.#signal.fire();
  }

  /** Tells of what another connection has committed since the last look. What cannot be read now is looked at again at the next poll. */
  #look(): void {
    try {
      if (!this.#db.hasMoved()) return;
    } catch {
      return;
    }
    this.#signal.fire();
  }
}
