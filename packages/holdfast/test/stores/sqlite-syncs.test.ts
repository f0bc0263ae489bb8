import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from 'holdfast/sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { creation } from '../support/store-records.ts';
import { reasonWithoutStrace, runTraced } from '../support/store-strace.ts';

const reason = reasonWithoutStrace();
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-syncs-'));
  path = join(directory, 'bar.db');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What the system was asked for, in order: `write wal`, `sync wal`, `said` for each acknowledgement, and so on. */
function steps(trace: string): string[] {
  const names = new Map([
    [`${path}-wal`, 'wal'],
    [path, 'database'],
    [directory, 'directory'],
  ]);
  return readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, call, file] = /(\w+)\(\d+<([^>]+)>/.exec(line) ?? [];
      if (/\blink(at)?\(/.test(line)) return ['link'];
      if (/write\(1</.test(line)) return ['said'];
      const what = names.get(file ?? '') ?? (file?.endsWith('.new') ? 'new file' : undefined);
      if (!call || !what) return [];
      return [`${call.includes('sync') ? 'sync' : 'write'} ${what}`];
    });
}

describe.skipIf(reason)(`syncs of SQLite files${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('every synced commit is followed by a sync of the log before it is acknowledged', async () => {
    const store = sqlite(path);
    await store.open();
    const result = await store.commit([creation('a')]);
    assert.ok(result.ok);
    await store.close();
    const trace = join(directory, 'trace');
    const { lines, exitCode, errors } = runTraced(
      ['-y', '-o', trace, '-e', 'trace=pwrite64,write,fsync,fdatasync'],
      'store-fault-child.ts',
      [path, result.created[0]?.eid as number, 2, 5],
    );
    assert.equal(exitCode, 0, errors);
    expect(lines).toHaveLength(5);
    const all = steps(trace);
    const commits = all.join(',').split('said').slice(0, 5);
    for (const commit of commits) expect(commit.lastIndexOf('sync wal')).toBeGreaterThan(commit.lastIndexOf('write wal'));
  });

  test('a new database is synced before it gets its name, and its directory after that', () => {
    const trace = join(directory, 'trace');
    runTraced(['-y', '-o', trace, '-e', 'trace=pwrite64,write,fsync,fdatasync,link,linkat'], 'store-fault-child.ts', [path, 1, 1, 0]);
    const order = steps(trace);
    const linked = order.indexOf('link');
    expect(linked).toBeGreaterThan(0);
    expect(order.lastIndexOf('write new file')).toBeLessThan(order.lastIndexOf('sync new file'));
    expect(order.lastIndexOf('sync new file')).toBeLessThan(linked);
    expect(order.indexOf('sync directory', linked)).toBeGreaterThan(linked);
  });
});
