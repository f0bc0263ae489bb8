import pg from 'pg';
import { postgres, type PostgresOptions } from 'holdfast/postgres';
import type { Store } from 'holdfast/store';

/** A store with a pool of its own that is told of commits, for programs that are started with nothing but an address. Closing it closes the pool. */
export function openPostgres(url: string, schema: string, options: Partial<PostgresOptions> = {}): Store {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // A connection that breaks while it is idle is no news: whoever sends the next statement gets another one.
  pool.on('error', () => undefined);
  const store = postgres({ client: pool, listen: () => new pg.Client(url), schema, ...options });
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    if (!pool.ending) await pool.end();
  };
  return store;
}
