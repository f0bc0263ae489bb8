import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@fast-check/vitest';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import { anyActions, compareWithModel } from '../support/store-model.ts';

/*
 * The memory store is the model: whatever is done to both, SQLite answers the same and holds the same, through refused batches,
 * deletions, expiry, compaction and reopening.
 */
test.prop([anyActions({ ttlsMs: [10, 50, 1_000], canWait: true })], { numRuns: 40 * Number(process.env['HOLDFAST_EFFORT'] ?? 1) })(
  'SQLite answers and holds the same as the memory store, whatever is done to both',
  async (actions) => {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-model-'));
    let now = 1_000_000;
    const clock = (): number => now;
    const [model, real] = [memory({ clock }), sqlite(join(directory, 'model.db'), { clock })];
    try {
      await compareWithModel({ model, real, actions, wait: (ms) => (now += ms) });
    } finally {
      await Promise.all([model.close(), real.close()]);
      rmSync(directory, { recursive: true, force: true });
    }
  },
  600_000,
);
