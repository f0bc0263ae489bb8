import type pg from 'pg';
import { postgresPool } from '../open-postgres.ts';
import type { ProviderStatus } from './payment-provider.ts';
import type { LedgerEntry, PaymentLedger } from './simulated-ledger.ts';

/** One transaction; the lock is for servers that start at once, of which one makes the tables. */
const TABLES = `
  BEGIN;
  SELECT pg_advisory_xact_lock(hashtextextended('maya_payments', 0));
  CREATE SCHEMA IF NOT EXISTS maya_payments;
  CREATE TABLE IF NOT EXISTS maya_payments.payment (
    id text PRIMARY KEY,
    idempotency_key text NOT NULL UNIQUE,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    description text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'paid', 'declined', 'cancelled', 'expired')),
    created_at bigint NOT NULL,
    settled_at bigint
  );
  COMMIT;`;

const COLUMNS = 'id, idempotency_key AS "idempotencyKey", amount, currency, description, status, created_at AS "createdAt"';

type Row = Omit<LedgerEntry, 'amount' | 'createdAt'> & { readonly amount: string; readonly createdAt: string };

/** The simulated provider's books for servers that share a database: whichever of them a guest's answer reaches, all have it. */
export class PostgresLedger implements PaymentLedger {
  readonly #pool: pg.Pool;

  private constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Makes the tables where they are not there yet. @throws {Error} when the database cannot be used. */
  static async open(url: string): Promise<PostgresLedger> {
    const pool = postgresPool(url, 2);
    try {
      await pool.query(TABLES);
      return new PostgresLedger(pool);
    } catch (cause) {
      await pool.end();
      throw new Error(`The payment ledger in Postgres cannot be used: ${reasonOf(cause)}.`, { cause });
    }
  }

  async enter({ id, idempotencyKey, amount, currency, description, createdAt }: Omit<LedgerEntry, 'status'>): Promise<void> {
    await this.#pool.query(
      `INSERT INTO maya_payments.payment (id, idempotency_key, amount, currency, description, status, created_at)
       VALUES ($1, $2, $3, $4, $5, 'open', $6) ON CONFLICT (idempotency_key) DO NOTHING`,
      [id, idempotencyKey, amount, currency, description, createdAt],
    );
  }

  async settle(id: string, status: Exclude<ProviderStatus, 'open'>, at: number): Promise<void> {
    await this.#pool.query(`UPDATE maya_payments.payment SET status = $1, settled_at = $2 WHERE id = $3 AND status = 'open'`, [
      status,
      at,
      id,
    ]);
  }

  async byId(id: string): Promise<LedgerEntry | undefined> {
    return await this.#find('id', id);
  }

  async byKey(idempotencyKey: string): Promise<LedgerEntry | undefined> {
    return await this.#find('idempotency_key', idempotencyKey);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #find(column: 'id' | 'idempotency_key', value: string): Promise<LedgerEntry | undefined> {
    const { rows } = await this.#pool.query<Row>(`SELECT ${COLUMNS} FROM maya_payments.payment WHERE ${column} = $1`, [value]);
    const [row] = rows;
    return row && { ...row, amount: Number(row.amount), createdAt: Number(row.createdAt) };
  }
}

/** A host with several addresses fails with all their errors, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
