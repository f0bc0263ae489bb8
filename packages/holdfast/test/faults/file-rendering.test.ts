import { readdirSync, readFileSync } from 'node:fs';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, test } from 'vitest';
import { Counter } from '../support/counter.ts';
import { FileDirectory } from '../support/file-directory.ts';
import { reasonWithoutStrace, runTraced } from '../support/store-strace.ts';

const SYSTEM_CALLS = ['openat', 'write', 'pwrite64', 'fsync', 'fdatasync', 'rename', 'close', 'ftruncate'];
/** A loop that never runs through would be a mistake of the test. */
const MOST_FAULTS = 500;
const reason = reasonWithoutStrace();

/** Commits the next count inside, so that its file is behind; gives the count and the entity. */
async function commitInside(directory: FileDirectory): Promise<{ count: number; eid: number }> {
  const store = sqlite(directory.join('.holdfast/store.db'));
  await using state = await StateManager.open({ store });
  const { value: count } = await (await state.global().get(Counter)).update((draft) => (draft.count += 1));
  return { count, eid: (await store.entity('global', 'global'))!.eid };
}

function traced(directory: FileDirectory, call: string, fault: string): readonly string[] {
  const names = [
    '.holdfast/store.db',
    '.holdfast/store.db-wal',
    'global',
    'global/counter.json',
    'global/.counter.json.traced.holdfast-tmp',
  ];
  return [
    '-o',
    '/dev/null',
    ...names.flatMap((name) => ['-P', directory.join(name)]),
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${fault}`,
  ];
}

/** What must hold after whatever happened to the renderer: the file is old or new in full, is nobody's edit, and the next open renders the new one. */
async function verify(directory: FileDirectory, count: number): Promise<void> {
  const text = directory.read('global/counter.json');
  expect([count - 1, count].map((each) => `${JSON.stringify({ count: each }, undefined, 2)}\n`)).toContain(text);
  const state = await directory.open();
  const counter = await state.global().get(Counter);
  expect([counter.current.count, counter.version]).toEqual([count, count]);
  await state.close();
  expect(JSON.parse(readFileSync(directory.join('global/counter.json'), 'utf8'))).toEqual({ count });
  expect(readdirSync(directory.join('global'))).toEqual(['counter.json']);
  expect(directory.reports).toEqual([]);
}

async function freshDirectory(): Promise<FileDirectory> {
  const directory = new FileDirectory();
  const state = await directory.open();
  await (await state.global().get(Counter)).set({ count: 1 });
  await state.close();
  return directory;
}

describe.skipIf(reason)(`rendering a file${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test.each(SYSTEM_CALLS)('is old or new in full after a kill at any %s, and no edit', async (call) => {
    const directory = await freshDirectory();
    for (let nth = 1; ; nth += 1) {
      expect(nth).toBeLessThan(MOST_FAULTS);
      const { count, eid } = await commitInside(directory);
      const { lines } = runTraced(traced(directory, call, `signal=KILL:when=${nth}`), 'file-render-child.ts', [directory.path, eid]);
      await verify(directory, count);
      if (lines.includes('rendered')) return;
    }
  });

  test.each([
    ['openat', 'EMFILE'],
    ['write', 'ENOSPC'],
    ['write', 'EIO'],
    ['fsync', 'EIO'],
    ['rename', 'EIO'],
    ['rename', 'ENOSPC'],
  ])('survives that any %s fails with %s', async (call, error) => {
    const directory = await freshDirectory();
    for (let nth = 1; ; nth += 1) {
      expect(nth).toBeLessThan(MOST_FAULTS);
      const { count, eid } = await commitInside(directory);
      const { lines } = runTraced(traced(directory, call, `error=${error}:when=${nth}`), 'file-render-child.ts', [directory.path, eid]);
      await verify(directory, count);
      if (lines.includes('rendered') && nth > 12) return;
    }
  });
});
