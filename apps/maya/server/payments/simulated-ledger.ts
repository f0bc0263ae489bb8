import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ProviderStatus } from './payment-provider.ts';

const FORMAT = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'paid', 'declined', 'cancelled', 'expired')),
    created_at INTEGER NOT NULL,
    settled_at INTEGER
  ) STRICT;
  PRAGMA user_version = ${FORMAT};`;

/** A payment in the simulated provider's ledger. Times are epoch ms. */
export interface LedgerEntry {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly status: ProviderStatus;
  readonly createdAt: number;
}

/** The simulated provider's own books, which forget nothing when the bar does. */
export interface PaymentLedger {
  /** Enters an open payment, unless the key has one already. */
  enter(payment: Omit<LedgerEntry, 'status'>): Promise<void>;
  /** Settles a payment that is open; one that is settled stays as it is. */
  settle(id: string, status: Exclude<ProviderStatus, 'open'>, at: number): Promise<void>;
  byId(id: string): Promise<LedgerEntry | undefined>;
  byKey(idempotencyKey: string): Promise<LedgerEntry | undefined>;
  close(): Promise<void>;
}

/** The books in a SQLite file of their own. */
export class SimulatedLedger implements PaymentLedger {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #settle: StatementSync;
  readonly #byId: StatementSync;
  readonly #byKey: StatementSync;

  /**
   * @param path the file, made readable by its owner only when it is not there; undefined keeps the ledger in memory
   * @throws {Error} that names the file when it is no ledger, or one of a newer format.
   */
  constructor(path: string | undefined) {
    this.#db = path === undefined ? withTables(new DatabaseSync(':memory:')) : openFile(path);
    const columns = 'id, idempotency_key AS idempotencyKey, amount, currency, description, status, created_at AS createdAt';
    this.#insert = this.#db.prepare(
      `INSERT INTO payment (id, idempotency_key, amount, currency, description, status, created_at) VALUES (?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (idempotency_key) DO NOTHING`,
    );
    this.#settle = this.#db.prepare(`UPDATE payment SET status = ?, settled_at = ? WHERE id = ? AND status = 'open'`);
    this.#byId = this.#db.prepare(`SELECT ${columns} FROM payment WHERE id = ?`);
    this.#byKey = this.#db.prepare(`SELECT ${columns} FROM payment WHERE idempotency_key = ?`);
  }

  async enter({ id, idempotencyKey, amount, currency, description, createdAt }: Omit<LedgerEntry, 'status'>): Promise<void> {
    this.#insert.run(id, idempotencyKey, amount, currency, description, createdAt);
  }

  async settle(id: string, status: Exclude<ProviderStatus, 'open'>, at: number): Promise<void> {
    this.#settle.run(status, at, id);
  }

  async byId(id: string): Promise<LedgerEntry | undefined> {
    return this.#byId.get(id) as LedgerEntry | undefined;
  }

  async byKey(idempotencyKey: string): Promise<LedgerEntry | undefined> {
    return this.#byKey.get(idempotencyKey) as LedgerEntry | undefined;
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (format > FORMAT) throw new Error(`it has format ${format}, and this program knows ${FORMAT}`);
    return withTables(db);
  } catch (error) {
    db.close();
    throw new Error(`The payment ledger ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

function withTables(db: DatabaseSync): DatabaseSync {
  db.exec(SCHEMA);
  return db;
}
