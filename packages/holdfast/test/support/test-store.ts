import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { afterAll } from 'vitest';

/** Directories made by this test file, removed at its end. */
const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A path in a directory of its own for a database that does not exist yet. */
export function freshDatabase(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  directories.push(directory);
  return join(directory, 'state.db');
}

/** An empty store of the kind that the run is for: the engine's tests run whole on each (HOLDFAST_STORE is set by vitest.config.ts). */
export function testStore(options: { clock?: () => number } = {}): Store {
  return process.env['HOLDFAST_STORE'] === 'sqlite' ? sqlite(freshDatabase(), options) : memory(options);
}
