import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { HoldfastError } from '../../errors/index.ts';
import { readOnlyRefusal, type Durability } from '../../store/index.ts';
import { retryWhileBusy, type Patience } from './busy-retry.ts';
import { assertKnownFormat, assertOurs, assertThere, createWhereMissing, openDatabase, realDatabasePath } from './database-file.ts';
import { PAGES_IN_COMMIT, QuietCheckpoint } from './quiet-checkpoint.ts';
import { quietMark } from './quiet-file.ts';
import { isBusy, isConnectionLost, storeFailure } from './sqlite-failure.ts';

/** What survives a power cut needs a sync in every commit; what survives the process does not. */
const SYNCHRONOUS: Readonly<Record<Durability, string>> = { synced: 'FULL', written: 'NORMAL' };

/** How long to wait for others before the log is left as it is. */
const TRUNCATE_FOR_MS = 1_000;

/** What was done in a transaction: whether to keep it, and what happens in the same step once it is kept. */
export interface Work<T> {
  readonly keep: boolean;
  readonly result: T;
  readonly committed?: () => void;
}

/** The one connection of a store: its prepared statements and transactions, and a fresh connection after a failed one. */
export class Connection {
  readonly name: string;
  readonly #path: string;
  readonly #patience: Patience;
  readonly #statements = new Map<string, StatementSync>();
  readonly #checkpoint = new QuietCheckpoint({
    checkpoint: (mode) =>
      this.get<{ log: number; checkpointed: number }>(`PRAGMA wal_checkpoint(${mode})`) as { log: number; checkpointed: number },
  });
  #realPath = '';
  #db: DatabaseSync | undefined;
  #isOpen = false;
  #isReadOnly = false;
  #synchronous: Durability | undefined;
  /** How often it was connected. */
  #connects = 0;
  #writes = 0;
  /** Of the last look for commits of others. */
  #stamp: number | undefined;
  /** Of the file that is read without a log; it is connected to anew when somebody begins to write. */
  #quietMark: string | undefined;

  constructor(options: { name: string; path: string; busyTimeoutMs: number }) {
    this.name = options.name;
    this.#path = options.path;
    this.#patience = { store: options.name, busyTimeoutMs: options.busyTimeoutMs, assertWanted: () => this.assertOpen() };
  }

  /** The database file itself, symbolic links followed; known once the connection was opened. */
  get realPath(): string {
    return this.#realPath;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many of its write transactions were committed. */
  get writes(): number {
    return this.#writes;
  }

  async open({ readOnly }: { readonly readOnly: boolean }): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#isReadOnly = readOnly;
    try {
      await retryWhileBusy(this.#patience, () => {
        if (readOnly) assertThere(this.#path);
        this.#realPath = realDatabasePath(this.#path);
        if (!readOnly) createWhereMissing(this.#realPath);
        assertOurs(this.#realPath, { isOnlyRead: readOnly });
        this.#connect();
      });
    } catch (error) {
      this.close();
      throw storeFailure(error, this.name, 'before commit');
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#disconnect();
  }

  /** Runs a statement that changes something; answers how many rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  /**
   * All rows. A limit is bound as `LIMIT +?`: SQLite (3.53) asks for the value of a bare variable there while it prepares a statement, and so prepares it anew
   * for each use, which takes longer than most reads.
   */
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** Rows one by one; must be walked to its end or left by `break`, within one piece of synchronous work. */
  iterate<Row>(sql: string, ...values: readonly SQLInputValue[]): Iterable<Row> {
    return this.#statement(sql).iterate(...values) as Iterable<Row>;
  }

  /** Several reads of one and the same moment. */
  async read<T>(work: () => T): Promise<T> {
    for (;;) {
      let mark: string | undefined;
      const isSound = (): boolean => mark === undefined || mark === quietMark(this.#realPath);
      try {
        this.#leaveWrittenFile();
        const result = await retryWhileBusy(this.#patience, () =>
          this.#attempt('BEGIN', () => {
            mark = this.#quietMark;
            return { keep: true, result: work() };
          }),
        );
        if (isSound()) return result;
      } catch (error) {
        if (isSound()) throw error;
      }
    }
  }

  /** One write transaction around synchronous work, which says whether to keep what it wrote. */
  async write<T>(durability: Durability, work: () => Work<T>): Promise<T> {
    this.#assertWritable();
    return await retryWhileBusy(this.#patience, () => this.#attempt('BEGIN IMMEDIATE', work, durability));
  }

  /** Moves the write-ahead log into the database and empties its file; false when readers or writers of other processes were in the way all the time. */
  async truncateLog(): Promise<boolean> {
    const deadline = performance.now() + TRUNCATE_FOR_MS;
    for (;;) {
      this.#assertWritable();
      try {
        const { busy } = this.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)') as { busy: number };
        if (busy === 0) return true;
      } catch (error) {
        if (!isBusy(error)) throw storeFailure(error, this.name, 'before commit');
      }
      if (performance.now() >= deadline) return false;
      await sleep(10 + Math.random() * 10);
    }
  }

  /** A number that stays the same, and positive, for as long as nobody but this connection commits; costs about 3 µs. */
  stamp(): number {
    const { data_version: dataVersion } = this.get<{ data_version: number }>('PRAGMA data_version') as { data_version: number };
    // Each connection counts for itself, up to 2³².
    return this.#connects * 2 ** 32 + dataVersion;
  }

  /** Whether another connection may have committed since the last call. */
  hasMoved(): boolean {
    this.#leaveWrittenFile();
    const stamp = this.stamp();
    const hasMoved = stamp !== this.#stamp;
    this.#stamp = stamp;
    return hasMoved;
  }

  /** Gives up a connection that takes the file for one that nobody writes, when somebody did. */
  #leaveWrittenFile(): void {
    if (this.#quietMark !== undefined && quietMark(this.#realPath) !== this.#quietMark) this.#disconnect();
  }

  #attempt<T>(begin: string, work: () => Work<T>, durability?: Durability): T {
    let at: 'before commit' | 'commit' = 'before commit';
    try {
      if (durability) this.#setSynchronous(durability);
      this.run(begin);
      const { keep, result, committed } = work();
      if (keep && durability) at = 'commit';
      this.run(keep ? 'COMMIT' : 'ROLLBACK');
      if (keep && durability) {
        this.#writes += 1;
        this.#checkpoint.committed();
      }
      if (keep) committed?.();
      return result;
    } catch (error) {
      if (!isBusy(error) && (at === 'commit' || isConnectionLost(error))) this.#disconnect();
      else this.#rollback();
      throw isBusy(error) ? error : storeFailure(error, this.name, at);
    }
  }

  #rollback(): void {
    try {
      if (this.#db?.isTransaction) this.run('ROLLBACK');
    } catch {
      this.#disconnect();
    }
  }

  #setSynchronous(durability: Durability): void {
    if (this.#synchronous === durability && this.#db) return;
    this.run(`PRAGMA synchronous = ${SYNCHRONOUS[durability]}`);
    this.#synchronous = durability;
  }

  #statement(sql: string): StatementSync {
    const db = this.#db ?? this.#reconnect();
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** After an I/O error: what the log holds may not all be on disk, so that it is moved into the database and begun anew. */
  #reconnect(): DatabaseSync {
    this.assertOpen();
    try {
      const db = this.#connect();
      if (!this.#isReadOnly) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return db;
    } catch (error) {
      this.#disconnect();
      throw error;
    }
  }

  #connect(): DatabaseSync {
    const mark = this.#isReadOnly ? quietMark(this.#realPath) : undefined;
    const db = openDatabase(this.#realPath, { readOnly: this.#isReadOnly, isQuiet: mark !== undefined });
    this.#db = db;
    this.#connects += 1;
    this.#quietMark = mark;
    db.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY');
    if (!this.#isReadOnly) db.exec(`PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = ${PAGES_IN_COMMIT}`);
    assertKnownFormat(this.name, (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
    return db;
  }

  #disconnect(): void {
    const db = this.#db;
    this.#checkpoint.cancel();
    this.#db = undefined;
    this.#synchronous = undefined;
    this.#quietMark = undefined;
    this.#statements.clear();
    if (db?.isOpen) db.close();
  }

  #assertWritable(): void {
    this.assertOpen();
    if (this.#isReadOnly) throw readOnlyRefusal(this.name);
  }

  assertOpen(): void {
    if (!this.#isOpen) throw new HoldfastError('CLOSED', `${this.name} is not open; call open() first.`, { what: this.name });
  }
}
