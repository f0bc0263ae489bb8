import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sprintModule } from '../../daemons/sprint/sprint-module.ts';
import { sprintState } from '../../daemons/sprint/sprint-state.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { laterClock } from '../support/later-clock.ts';
import { RunningProgram } from '../support/run-program.ts';
import { until } from '../support/until.ts';

/** Longer than the leases of the process that is killed. */
const LATER_MS = 120_000;

test('an issue whose process is killed is blocked with the reason, and its command is not run again by itself', async () => {
  const folder = emptyFolder();
  const [home, file, marks] = [join(folder, 'home'), join(folder, 'sprint.yaml'), join(folder, 'marks')];
  writeFileSync(file, 'issues: [{ key: AAP-1, summary: Never ends }]');
  const program = await RunningProgram.start('work-on-an-issue', [home, file, marks]);
  await expect.poll(() => existsSync(marks), { timeout: 20_000 }).toBe(true);
  program.child.kill('SIGKILL');
  await program.ended;

  const sprint = sprintModule({ file, worker: { command: ['node', '-e', '0'] } });
  const workbench = await openHome({ home, effects: sprint.effects ?? [], clock: laterClock(LATER_MS) });
  const lease = await workbench.state.global().lease('daemon:sprint', { holder: 'next', ttlMs: 30_000 });
  const daemon = await sprint.create({ workbench, emit: () => undefined, lease: () => lease });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  const { issues, stats } = await until(await workbench.state.global().get(sprintState), ({ current_issue }) => current_issue === null);
  expect(issues['AAP-1']).toMatchObject({ status: 'blocked', approved: true, reason: expect.stringContaining('ended before') as string });
  expect(stats).toEqual({ total_processed: 1, successful: 0, failed: 1 });
  await expect.poll(() => workbench.state.global().unsettledEffects(), { timeout: 20_000 }).toEqual([]);

  const [mark, ...more] = readFileSync(marks, 'utf8').trim().split('\n');
  expect(mark).toMatch(/^\d+ AAP-1$/);
  expect(more).toEqual([]);
  // The command outlives its daemon; nobody else would end it.
  process.kill(Number.parseInt(mark ?? '', 10), 'SIGKILL');
});
