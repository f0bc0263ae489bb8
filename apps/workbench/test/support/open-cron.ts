import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CronDaemon } from '../../daemons/cron/cron-daemon.ts';
import { CronRuns } from '../../daemons/cron/cron-runs.ts';
import { defineMethod } from '../../methods/method.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { z } from 'zod';
import type { Workbench, WorkbenchOptions } from '../../open-workbench.ts';
import { ManualClock } from './manual-clock.ts';
import { emptyFolder, openHome } from './open-home.ts';

export interface CronScene {
  readonly workbench: Workbench;
  readonly cron: CronDaemon;
  readonly clock: ManualClock;
  /** What was told: types and data. */
  readonly events: { readonly type: string; readonly data: unknown }[];
  /** When the skill `note` ran, in the words of the zone. */
  readonly notes: readonly { readonly job: string; readonly at: string }[];
  /** Waits until what was begun has ended and is in the history. */
  readonly settled: () => Promise<void>;
  /** Ends the scheduler, and lets another one be. */
  readonly stop: () => Promise<void>;
  /** Lets time pass, standing still while jobs run. */
  readonly pass: (ms: number) => Promise<void>;
}

export interface CronSceneOptions extends Partial<WorkbenchOptions> {
  /** The section `schedules`; its jobs run in this process unless it says otherwise. */
  readonly schedules: Readonly<Record<string, unknown>>;
  readonly skills?: Readonly<Record<string, unknown>>;
  /** With time zone. */
  readonly at?: string;
  /** What the skill `hold` waits for. */
  readonly hold?: () => Promise<string>;
  /** One that goes on from an earlier scene. */
  readonly clock?: ManualClock;
}

/** The scheduler on a home of its own, at a time that a test moves. */
export async function openCron({
  schedules,
  skills = {},
  at = '2026-03-02T08:00:00-05:00',
  hold = () => Promise.resolve(''),
  ...options
}: CronSceneOptions): Promise<CronScene> {
  const clock = options.clock ?? new ManualClock(at);
  const project = options.project ?? emptyFolder();
  writeFileSync(
    join(project, 'config.json'),
    JSON.stringify({ schedules: { enabled: true, execution_mode: 'in_process', ...schedules }, skills }),
  );
  const notes: { job: string; at: string }[] = [];
  const note = ({ job }: { job: string }): string => {
    notes.push({ job, at: new Date(clock.now()).toLocaleString('sv-SE', { timeZone: 'America/New_York' }) });
    return `${job} is done`;
  };
  const hints = { readOnly: false };
  const table = new MethodTable([
    defineMethod({ name: 'note', title: 'Note', description: 'Notes when it ran.', input: { job: z.string() }, hints, run: note }),
    defineMethod({ name: 'hold', title: 'Hold', description: 'Waits.', input: {}, hints, run: hold }),
  ]);
  const runs = new CronRuns();
  const workbench = await openHome({ ...options, clock, project, effects: [runs.effect] });
  const lease = await workbench.state.global().lease('test', { holder: 'test', ttlMs: 1e12 });
  const events: { type: string; data: unknown }[] = [];
  const cron = new CronDaemon({ workbench, emit: (type, data) => void events.push({ type, data }), lease: () => lease }, runs, table);
  await cron.start();
  const stop = async (): Promise<void> => {
    await cron.stop();
    await lease.release();
  };
  onTestFinished(stop);

  const settled = async (): Promise<void> => {
    await cron.look();
    const keys = cron.status.jobs.flatMap(({ run }) => run ?? []);
    await Promise.all(keys.map((key) => workbench.state.global().effect(runs.effect, key).outcome()));
  };
  const pass = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    while (clock.now() < end) {
      const times = cron.status.jobs.flatMap(({ next_run }) => (next_run === null ? [] : [Date.parse(next_run)]));
      const next = Math.min(end, ...times.filter((time) => time > clock.now()));
      clock.sleep(next - clock.now());
      await settled();
    }
  };
  return { workbench, cron, clock, events, notes, settled, stop, pass };
}
