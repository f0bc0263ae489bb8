import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileReport } from 'holdfast/files';
import { describe, expect, test, vi } from 'vitest';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { RunningProgram } from '../support/run-program.ts';
import { killedAt, reasonWithoutStrace } from '../support/strace.ts';

const BAR = 'file:///home/anna/src/bar';
const reason = reasonWithoutStrace();

interface Shown {
  services?: { slack: string };
  readonly workspaces: Record<string, { readonly sessions: Record<string, { readonly tool_call_count: number }> }>;
}

/** A home with so many sessions in its file; gives their ids too. */
async function homeWith(count: number): Promise<{ readonly home: string; readonly path: string; readonly ids: readonly string[] }> {
  const workbench = await openHome({ home: join(emptyFolder(), 'home') });
  const { workspaces, home } = workbench;
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await workspaces.createSession({ workspaceUri: BAR })).sessionId);
  await workbench.close();
  return { home, path: join(home, 'workspace_states.json'), ids };
}

function read(path: string): Shown {
  return JSON.parse(readFileSync(path, 'utf8')) as Shown;
}

function countIn(path: string, id: string): number | undefined {
  return read(path).workspaces[BAR]?.sessions[id]?.tool_call_count;
}

test('four processes that change different sessions of one file at once lose nothing', async () => {
  const { home, path, ids } = await homeWith(4);
  const programs = await Promise.all(ids.map((id) => RunningProgram.start('keep-sessions', [home, `tool-${id}`])));
  const rounds = programs.map(async (program, index) => {
    for (let round = 0; round < 4; round += 1) {
      await program.tell(`race ${ids[index]} 25`);
      await program.tell('flush');
    }
  });
  let isDone = false;
  const all = Promise.all(rounds).finally(() => (isDone = true));
  for (; !isDone; await sleep(5)) expect(Object.keys(read(path).workspaces[BAR]!.sessions)).toHaveLength(4);
  await all;
  expect(await Promise.all(programs.map((program) => program.end()))).toEqual([0, 0, 0, 0]);
  expect(ids.map((id) => countIn(path, id))).toEqual([100, 100, 100, 100]);
});

test('an edit by hand while a process has a write pending is merged with it', async () => {
  const { home, path, ids } = await homeWith(1);
  const program = await RunningProgram.start('keep-sessions', [home, 'tool']);
  for (let round = 1; round <= 3; round += 1) {
    await program.tell(`touch ${ids[0]} tool`);
    // The file is written two seconds after.
    writeFileSync(path, JSON.stringify({ ...read(path), services: { slack: `round ${round}` } }));
    await vi.waitFor(() => expect([countIn(path, ids[0]!), read(path).services]).toEqual([round, { slack: `round ${round}` }]), {
      timeout: 20_000,
      interval: 50,
    });
  }
  expect(await program.end()).toBe(0);
  const { workspaces } = await openHome({ home });
  expect(workspaces.getSession(ids[0]!)?.toolCallCount).toBe(3);
});

/** After a kill the file is old or new in full, what was promised is there, and the next process writes the file anew without taking it for an edit. */
async function verify({
  home,
  path,
  id,
  before,
  promised,
}: {
  home: string;
  path: string;
  id: string;
  before: number;
  promised: number;
}): Promise<number> {
  expect([before, before + 1]).toContain(countIn(path, id));
  const reports: FileReport[] = [];
  const workbench = await openHome({ home, onReport: (report) => void reports.push(report) });
  const count = workbench.workspaces.getSession(id)!.toolCallCount;
  expect(count).toBeGreaterThanOrEqual(promised);
  expect(count).toBeLessThanOrEqual(before + 1);
  await workbench.close();
  expect(countIn(path, id)).toBe(count);
  expect(readdirSync(home).filter((name) => name.endsWith('.holdfast-tmp'))).toEqual([]);
  expect(reports).toEqual([]);
  return count;
}

describe.skipIf(reason)(`a process that is killed while it writes the file${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test.each(['rename', 'fsync', 'pwrite64', 'ftruncate', 'unlink'])(
    'at any %s leaves it whole, and loses nothing that it has promised',
    async (call) => {
      const { home, path, ids } = await homeWith(3);
      const id = ids[0]!;
      let count = 0;
      for (let nth = 1; ; nth += 1) {
        expect(nth).toBeLessThan(100);
        const program = new RunningProgram('keep-sessions', [home, 'tool'], killedAt(call, nth));
        program.child.stdin!.end(`touch ${id} tool\nflush\n`);
        const answers: string[] = [];
        for (let line = await program.line(); line !== undefined; line = await program.line()) answers.push(line);
        const code = await program.ended;
        count = await verify({ home, path, id, before: count, promised: answers.length > 1 ? count + 1 : count });
        if (code !== 0) continue;
        expect(nth).toBeGreaterThan(1);
        return;
      }
    },
    600_000,
  );

  test('at any moment leaves it whole, and loses nothing that it has promised', async () => {
    const { home, path, ids } = await homeWith(3);
    const id = ids[0]!;
    let count = 0;
    for (let round = 0; round < 25; round += 1) {
      const program = await RunningProgram.start('keep-sessions', [home, 'tool']);
      await program.tell(`touch ${id} tool`);
      program.child.stdin!.write('flush\n');
      // Rendering takes some milliseconds.
      await sleep(round * 0.4);
      program.child.kill('SIGKILL');
      await program.ended;
      count = await verify({ home, path, id, before: count, promised: count + 1 });
    }
    expect(count).toBe(25);
  }, 600_000);
});
