import type { Store } from 'holdfast';
import { postgres } from 'holdfast/postgres';
import pg from 'pg';

/** The schema that Maya's states are in. */
const SCHEMA = 'maya';
/** A server that cannot be reached is told of after so long. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A pool of connections that do not keep the process alive when nobody uses them. */
export function postgresPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, allowExitOnIdle: true });
  // A connection that breaks while it is idle is no news: whoever sends the next statement gets another one.
  pool.on('error', () => undefined);
  return pool;
}

/** The store of a database that other servers may share, with a pool of its own that is closed with it. */
export function openPostgres(url: string): Store {
  const pool = postgresPool(url, 8);
  const store = postgres({ client: pool, listen: () => new pg.Client({ connectionString: url }), schema: SCHEMA });
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    if (!pool.ending) await pool.end();
  };
  return store;
}
