import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitOf, creation } from '../support/store-records.ts';

const MB = 1_000_000;

let directory: string;
let path: string;
let store: Store;
let eid: number;
let version = 1;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-checkpoint-'));
  path = join(directory, 'bar.db');
  store = sqlite(path);
  await store.open();
  const made = await store.commit([creation('a')]);
  assert.ok(made.ok);
  eid = made.created[0]?.eid ?? 0;
  version = 1;
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Commits so many bodies of 1 MB, without a moment between two in which a timer could fire. */
async function commitMegabytes(count: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    version += 1;
    const change = { eid, state: 'list', version, defVersion: 1, kind: 'full', body: JSON.stringify('x'.repeat(MB)) } as const;
    assert.ok((await store.commit([commitOf({ durability: 'written', changes: [change] })])).ok);
  }
}

function sizes(): { database: number; log: number } {
  return { database: statSync(path).size, log: statSync(`${path}-wal`).size };
}

describe('the write-ahead log of a SQLite store', () => {
  test('is not moved into the database by a commit, but in the quiet moment after it', async () => {
    await commitMegabytes(6);
    expect(sizes().database).toBeLessThan(MB);
    await expect.poll(() => sizes().database, { timeout: 5_000 }).toBeGreaterThan(6 * MB);
  });

  test('is moved by a commit where no moment is quiet, so that it stays within bounds', async () => {
    await commitMegabytes(60);
    const { database, log } = sizes();
    expect(database).toBeGreaterThan(45 * MB);
    expect(log).toBeLessThan(12 * MB);
  });

  test('stays where it is while there is little in it', async () => {
    await commitMegabytes(2);
    await sleep(100); // the quiet moment passes, and nothing tells of it
    expect(sizes().database).toBeLessThan(MB);
  });
});
