import { dirname } from 'node:path';
import { files } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, it } from 'vitest';
import { BREAKS } from '../support/broken-store.ts';
import { assertExplained, recordHistory } from '../support/histories/record-history.ts';
import { freshDatabase } from '../support/test-store.ts';

const OPERATIONS = 60;
const broken = new URL('../support/broken-store.ts', import.meta.url).href;

describe('two processes on one store', { timeout: 60_000 }, () => {
  it.each([
    ['SQLite', 'sqlite', freshDatabase(), sqlite],
    ['files', 'files', dirname(freshDatabase()), files],
  ] as const)('on %s are explained by one order of all they did, although one is killed', async (_name, factory, path, open) => {
    const driver = { module: import.meta.resolve(`holdfast/${factory}`), factory, args: [path] };
    const history = await recordHistory({ drivers: [driver, driver], store: () => open(path), operationsEach: OPERATIONS, kills: true });
    expect(history.operations.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThan(OPERATIONS);
    assertExplained(history);
  });
});

describe('a store that is broken', { timeout: 60_000 }, () => {
  // Whether two processes get into each other's way cannot be forced, only be made likely.
  it.each(BREAKS)('by %s is found out, if not at once', async (how) => {
    let problems = '';
    for (let tries = 0; tries < 8 && problems === ''; tries += 1) problems = await problemsOf(how);
    expect(problems).toMatch(/HOLDFAST_SEED=\d+: \d+ problems/);
  });
});

/** What is wrong with one history on a store that is broken; nothing when it showed nothing. */
async function problemsOf(how: (typeof BREAKS)[number]): Promise<string> {
  const path = freshDatabase();
  const driver = { module: broken, factory: 'brokenStore', args: [path, how] };
  const history = await recordHistory({ drivers: [driver, driver], store: () => sqlite(path), operationsEach: OPERATIONS * 2 });
  try {
    assertExplained(history);
    return '';
  } catch (error) {
    return String(error);
  }
}
