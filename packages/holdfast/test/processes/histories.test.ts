import { dirname } from 'node:path';
import { files } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, it } from 'vitest';
import type { Break } from '../support/broken-store.ts';
import { assertExplained, recordHistory } from '../support/histories/record-history.ts';
import { freshDatabase } from '../support/test-store.ts';

const OPERATIONS = 60;
const broken = new URL('../support/broken-store.ts', import.meta.url).href;

describe('two processes on one store', { timeout: 60_000 }, () => {
  it.each([
    ['SQLite', 'sqlite', freshDatabase, sqlite],
    ['files', 'files', () => dirname(freshDatabase()), files],
  ] as const)('on %s are explained by one order of all they did, although one is killed', async (_name, factory, freshPath, open) => {
    const path = freshPath();
    const driver = { module: import.meta.resolve(`holdfast/${factory}`), factory, args: [path] };
    const history = await recordHistory({ drivers: [driver, driver], store: () => open(path), operationsEach: OPERATIONS, kills: true });
    expect(history.operations.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThan(OPERATIONS);
    assertExplained(history);
  });
});

/** What the first of a few histories that cannot be explained shows: whether one does is up to how the processes meet. */
async function findProblem(how: Break): Promise<string | undefined> {
  for (let tries = 0; tries < 6; tries += 1) {
    const path = freshDatabase();
    const driver = { module: broken, factory: 'brokenStore', args: [path, how] };
    const options = { drivers: [driver, driver], store: () => sqlite(path), operationsEach: OPERATIONS * 2, inFlight: 1 };
    const history = await recordHistory(options);
    try {
      assertExplained(history);
    } catch (error) {
      return String(error);
    }
  }
  return undefined;
}

describe('a store that is broken', { timeout: 90_000 }, () => {
  it.each([
    ['reads unchecked', /no order explains/],
    ['refusals acknowledged', /was acknowledged and is not in/],
    ['repeats applied twice', /has p\d\.\d+ \d times/],
  ] as const)('by %s is found out, if not at once', async (how, problem) => {
    const found = await findProblem(how);
    expect(found).toMatch(/HOLDFAST_SEED=\d+: \d+ problems/);
    expect(found).toMatch(problem);
  });
});
