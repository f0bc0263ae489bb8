import type { StoreHarness } from 'holdfast/conformance';
import { postgres } from 'holdfast/postgres';
import type { Store } from 'holdfast/store';
import pg from 'pg';
import { afterAll } from 'vitest';

/** Each store is a schema of its own on one server; all drivers share a pool. */
export function postgresHarness(url: string): StoreHarness {
  const schemas = new WeakMap<Store, string>();
  const pool = new pg.Pool({ connectionString: url });
  afterAll(() => pool.end());
  const open = (schema: string): Store => {
    const store = postgres({ client: pool, listen: () => new pg.Client(url), schema });
    schemas.set(store, schema);
    return store;
  };
  const schemaOf = (store: Store): string => schemas.get(store) as string;
  let made = 0;
  return {
    name: 'postgres',
    hasOwnClock: true,
    create: () => open(`conformance_${(made += 1)}`),
    again: (store) => open(schemaOf(store)),
    child: (store) => ({
      module: new URL('open-postgres.ts', import.meta.url).href,
      factory: 'openPostgres',
      args: [url, schemaOf(store)],
    }),
    dispose: async (store) => void (await pool.query(`DROP SCHEMA IF EXISTS "${schemaOf(store)}" CASCADE`)),
  };
}
