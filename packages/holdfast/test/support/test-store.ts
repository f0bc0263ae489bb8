import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { onTestFinished } from 'vitest';

/** A path for a database that does not exist yet, in a directory that goes with the test. */
export function freshDatabase(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'state.db');
}

/** An empty store of the kind that the run is for: the engine's tests run whole on each (HOLDFAST_STORE is set by vitest.config.ts). */
export function testStore(options: { clock?: () => number } = {}): Store {
  return process.env['HOLDFAST_STORE'] === 'sqlite' ? sqlite(freshDatabase(), options) : memory(options);
}
