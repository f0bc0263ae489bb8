import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, test } from 'vitest';
import { creation } from '../support/store-records.ts';
import { reasonWithoutStrace, runTraced } from '../support/store-strace.ts';

/** Calls that fail, and whether once or from the N-th on for a while. */
const FAULTS = ['pwrite64:error=EIO', 'pwrite64:error=ENOSPC', 'pwrite64:retval=10', 'fsync:error=EIO', 'fsync:error=ENOSPC', 'fdatasync:error=EIO', 'ftruncate:error=EIO', 'openat:error=EMFILE', 'unlink:error=EIO'];
const COMMITS = 4;
const reason = reasonWithoutStrace();

async function withStore(body: (path: string, eid: number) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-errors-'));
  const path = join(directory, 'bar.db');
  const store = sqlite(path);
  await store.open();
  const result = await store.commit([creation('a')]);
  assert.ok(result.ok);
  await store.close();
  try {
    await body(path, result.created[0]?.eid as number);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe.skipIf(reason)(`failing system calls${reason ? ` (skipped: ${reason})` : ''}`, () => {
  for (const fault of FAULTS) {
    for (const times of [1, 3]) {
      test(`${fault}, ${times} in a row at any call: a clear outcome, nothing lost, nothing doubled, and it goes on`, { timeout: 300_000 }, async () => {
        await withStore(async (path, eid) => {
          let seen = new Set<string>();
          for (let nth = 1, head = 1; nth < 200; nth += times) {
            const trace = ['-o', '/dev/null', '-P', path, '-P', `${path}-wal`, '-e', `inject=${fault}:when=${nth}..${nth + times - 1}`];
            const { lines, exitCode, errors } = runTraced(trace, 'store-fault-child.ts', [path, eid, head + 1, COMMITS]);
            assert.equal(exitCode, 0, `${fault} at call ${nth}: ${errors}\n${lines.join('\n')}`);
            const outcomes = new Set(lines.map((line) => line.split(' ')[1] as string));
            for (const outcome of outcomes) assert.ok(['written', 'not-written', 'unknown', 'STORE_FULL', 'CORRUPT_STATE'].includes(outcome), outcome);
            seen = seen.union(outcomes);
            head += COMMITS;
            const store = sqlite(path);
            await store.open();
            const loaded = await store.load(eid, 'list');
            assert.equal(loaded?.head, head, `${fault} at call ${nth}`);
            assert.equal(loaded?.patches.length, head - 1);
            expect((await store.log(0, {}, 100_000)).seq).toBe(head);
            await store.close();
            if (outcomes.size === 1 && nth > 80) break;
          }
          expect(seen.has('written')).toBe(true);
        });
      });
    }
  }

  test('a process killed at any call of making a store leaves none, or a whole one', { timeout: 300_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-making-'));
    for (const call of ['pwrite64', 'fsync', 'link,linkat', 'unlink', 'ftruncate']) {
      for (let nth = 1; nth < 300; nth += 1) {
        const path = join(directory, `${call}-${nth}.db`);
        const { exitCode } = runTraced(['-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${nth}`], 'store-fault-child.ts', [path, 1, 1, 0]);
        const wasThere = existsSync(path);
        const store = sqlite(path);
        expect((await store.open()).seq).toBe(0);
        expect((await store.commit([creation('a')])).ok).toBe(true);
        await store.close();
        if (exitCode === 0) {
          expect(wasThere).toBe(true);
          break;
        }
      }
    }
    rmSync(directory, { recursive: true, force: true });
  });
});
