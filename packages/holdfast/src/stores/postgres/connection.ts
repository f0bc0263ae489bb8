import { HoldfastError } from '../../errors/index.ts';
import { readOnlyRefusal } from '../../store/index.ts';
import { isLost, storeFailure } from './postgres-failure.ts';
import { inSchema } from './schema.ts';

/** What the store needs of a client; a `pg.Pool` is one. It stays the caller's, who closes it after the store. */
export interface PostgresClient {
  /** One statement, in a transaction of its own. */
  query(text: string, values: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** Statements of one store, each a whole transaction: nothing is kept in a session, so that a pooler may give every one another session. */
export class Connection {
  readonly name: string;
  readonly schema: string;
  readonly #client: PostgresClient;
  readonly #statementTimeoutMs: number;
  #isOpen = false;
  #isReadOnly = false;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: { client: PostgresClient; schema: string; statementTimeoutMs: number }) {
    this.name = `postgres ${options.schema}`;
    this.schema = options.schema;
    this.#client = options.client;
    this.#statementTimeoutMs = options.statementTimeoutMs;
  }

  /** How long a write waits for other writers; the rest of the time is for its own work and the way. */
  get lockTimeoutMs(): number {
    return Math.ceil(this.#statementTimeoutMs / 2);
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** The way it was opened stays until it is closed. */
  open({ readOnly }: { readonly readOnly: boolean }): void {
    if (!this.#isOpen) this.#isReadOnly = readOnly;
    this.#isOpen = true;
  }

  /** Resolves when every statement under way has its answer: the caller may close the client then. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
  }

  assertOpen(): void {
    if (!this.#isOpen) throw new HoldfastError('CLOSED', `${this.name} is not open; call open() first.`, { what: this.name });
  }

  /** Rows of a statement that only reads. When the connection breaks it is read once more, over another one. */
  async read<Row>(sql: string, values: unknown[] = []): Promise<readonly Row[]> {
    try {
      return await this.#send<Row>(sql, values, false);
    } catch (error) {
      if (error instanceof HoldfastError || !isLost(error)) throw storeFailure(error, this.name, false);
    }
    try {
      return await this.#send<Row>(sql, values, false);
    } catch (error) {
      throw storeFailure(error, this.name, false);
    }
  }

  /**
   * The answer of a statement that writes: the JSON of its column `result`, if it has one.
   * @throws {HoldfastError} STORE_UNAVAILABLE whose outcome says whether it may have written all the same; INVALID_ARGUMENT when opened read-only.
   */
  async write(sql: string, values: unknown[] = []): Promise<unknown> {
    this.assertOpen();
    if (this.#isReadOnly) throw readOnlyRefusal(this.name);
    try {
      const [row] = await this.#send<{ readonly result: string | null }>(sql, values, true);
      return row?.result ? (JSON.parse(row.result) as unknown) : undefined;
    } catch (error) {
      throw storeFailure(error, this.name, true);
    }
  }

  async #send<Row>(sql: string, values: unknown[], isWrite: boolean): Promise<readonly Row[]> {
    this.assertOpen();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.#late(isWrite)), this.#statementTimeoutMs);
    const answer = Promise.race([this.#client.query(inSchema(sql, this.schema), values), late.promise]);
    this.#underWay.add(answer);
    try {
      return (await answer).rows as Row[];
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(answer);
    }
  }

  #late(isWrite: boolean): HoldfastError {
    const [outcome, what] = isWrite
      ? (['unknown', 'the write may have happened'] as const)
      : (['not-written', 'nothing was written'] as const);
    const message = `${this.name} did not answer within ${this.#statementTimeoutMs} ms; ${what}.`;
    return new HoldfastError('STORE_UNAVAILABLE', message, { store: this.name, outcome });
  }
}
