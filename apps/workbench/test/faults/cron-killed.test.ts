import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { cronHistoryState } from '../../daemons/cron/cron-state.ts';
import { laterClock } from '../support/later-clock.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { runChild } from '../support/run-child.ts';

/** After so long leases of processes that were killed have run out. */
const STEP_MS = 60_000;

/** A home with a job that writes the key of each of its runs into a file. */
function scene(
  cron: string,
  command: string,
): { readonly home: string; readonly project: string; readonly begun: () => readonly string[] } {
  const folder = emptyFolder();
  const file = join(folder, 'begun');
  writeFileSync(file, '');
  const schedules = { enabled: true, execution_mode: 'shell', jobs: [{ name: 'mark', skill: 'mark', cron }] };
  const skills = { mark: { command: `echo "$CRON_RUN" >> ${file}; ${command}` } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ schedules, skills }));
  return { home: join(folder, 'home'), project: folder, begun: () => readFileSync(file, 'utf8').split('\n').filter(Boolean) };
}

test('a run in whose middle the process is killed is not begun again, and said to be cut off', async () => {
  const { home, project, begun } = scene('* * * * * *', 'sleep 30');
  const first = runChild('programs/run-scheduler.ts', [home, project, '0']);
  await first.line();
  await vi.waitFor(() => expect(begun()).toHaveLength(1), 10_000);
  const [cutOff] = begun();
  await first.kill('SIGKILL');
  const second = runChild('programs/run-scheduler.ts', [home, project, String(STEP_MS)]);
  await expect(second.line()).resolves.toBe('running');
  await vi.waitFor(() => expect(begun().length).toBeGreaterThan(1), 15_000);
  await second.kill('SIGTERM');
  expect(begun().filter((key) => key === cutOff)).toHaveLength(1);
  const { state } = await openHome({ home, clock: laterClock(STEP_MS) });
  const { runs } = (await state.global().get(cronHistoryState)).current;
  expect(runs.find(({ status }) => status === 'failed')).toMatchObject({
    error: expect.stringContaining('ended before it said') as string,
  });
});

test('processes that are killed at any moment begin each run once, and miss none that was intended', async () => {
  const { home, project, begun } = scene('* * * * * *', 'true');
  const lives = 8;
  for (let life = 0; life < lives; life += 1) {
    const child = runChild('programs/run-scheduler.ts', [home, project, String(life * STEP_MS)]);
    await expect(child.line()).resolves.toBe('running');
    // Anywhere around the moments at which runs are intended, begun, ended and recorded.
    await sleep(1_000 + Math.random() * 1_000);
    await child.kill('SIGKILL');
  }
  const last = runChild('programs/run-scheduler.ts', [home, project, String(lives * STEP_MS)]);
  await last.line();
  const before = begun().length;
  await vi.waitFor(() => expect(begun().length).toBeGreaterThan(before), 15_000);
  await last.kill('SIGTERM');
  expect(new Set(begun()).size).toBe(begun().length);
  expect(begun().length).toBeGreaterThan(lives);
  const { state } = await openHome({ home, clock: laterClock(lives * STEP_MS) });
  const { runs } = (await state.global().get(cronHistoryState)).current;
  // What was begun has ended in the history, too, whatever became of it.
  expect(runs.filter(({ status }) => status !== 'skipped').length).toBeGreaterThanOrEqual(begun().length);
});
