import { test } from '@fast-check/vitest';
import { memory } from 'holdfast/memory';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { postgres } from 'holdfast/postgres';
import { withEidsOfModel } from '../support/store-eids.ts';
import { anyActions, compareWithModel } from '../support/store-model.ts';

const url = inject('postgresUrl');
const pool = new pg.Pool({ connectionString: url });
afterAll(() => pool.end());

/** Times are those of two clocks, and what has expired has done so in both. */
const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    key === 'now' || key === 'at' || key === 'expiresAt' ? 'a time' : each,
  ) as unknown;

/*
 * The memory store is the model. Refused batches use up eids on Postgres, so that its eids are translated. Its clock is the server's: what expires
 * does so at once or never.
 */
test.prop([anyActions({ ttlsMs: [-10, 1e9], canWait: false })], { numRuns: 30 * Number(process.env['HOLDFAST_EFFORT'] ?? 1) })(
  'Postgres answers and holds the same as the memory store, whatever is done to both',
  async (actions) => {
    const model = memory();
    const real = withEidsOfModel(postgres({ client: pool, schema: 'model' }));
    try {
      await compareWithModel({ model, real, actions, view: withoutTimes });
    } finally {
      await Promise.all([model.close(), real.close()]);
      await pool.query('DROP SCHEMA model CASCADE');
    }
  },
  600_000,
);
