import { test } from '@fast-check/vitest';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { postgres } from 'holdfast/postgres';
import { anyFeedCommands, assertReadersEndWithHeads } from '../support/feed-commands.ts';

const pool = new pg.Pool({ connectionString: inject('postgresUrl') });
afterAll(() => pool.end());

test.prop([anyFeedCommands], { numRuns: 8 * Number(process.env['HOLDFAST_EFFORT'] ?? 1) })(
  'on Postgres, too, a reader who applies resets and changes ends with the heads, from any seq',
  async (commands) => {
    try {
      await assertReadersEndWithHeads(postgres({ client: pool, schema: 'readers' }), commands);
    } finally {
      await pool.query('DROP SCHEMA readers CASCADE');
    }
  },
  300_000,
);
