import { dirname } from 'node:path';
import { files } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { CommitCutter } from '../support/commit-cutter.ts';
import { assertExplained, recordHistory, type RecordingOptions } from '../support/histories/record-history.ts';
import { openPostgres } from '../support/open-postgres.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { freshDatabase } from '../support/test-store.ts';

const PROCESSES = 4;
const OPERATIONS = 500;

async function expectExplained(options: Pick<RecordingOptions, 'drivers' | 'store'>): Promise<void> {
  const history = await recordHistory({ ...options, operationsEach: OPERATIONS, kills: true });
  expect(history.operations.length).toBeGreaterThan(PROCESSES * OPERATIONS);
  assertExplained(history);
}

test.each([
  ['SQLite', 'sqlite', freshDatabase, sqlite],
  ['files', 'files', () => dirname(freshDatabase()), files],
] as const)('four processes on %s are explained by one order of all they did', async (_name, factory, freshPath, open) => {
  const path = freshPath();
  const driver = { module: import.meta.resolve(`holdfast/${factory}`), factory, args: [path] };
  await expectExplained({ drivers: Array.from({ length: PROCESSES }, () => driver), store: () => open(path) });
});

test('four processes on a Postgres whose connections are cut are explained by one order of all they did', async () => {
  const server = await startPostgres();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const drivers = [];
  for (const every of [7, 11, 13, 17]) {
    const cutter = new CommitCutter(server.port, { every });
    onTestFinished(() => cutter[Symbol.asyncDispose]());
    const proxied = new URL(server.url);
    proxied.port = String(await cutter.listen());
    const module = new URL('../support/open-postgres.ts', import.meta.url).href;
    drivers.push({ module, factory: 'openPostgres', args: [proxied.href, 'histories'] });
  }
  await expectExplained({ drivers, store: () => openPostgres(server.url, 'histories') });
});
