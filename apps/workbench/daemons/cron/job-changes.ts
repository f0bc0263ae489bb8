import { Cron as CronPattern } from 'croner';
import type { ScheduledJob } from '../../config/config-sections.ts';
import { isoTime } from '../../zoned-time.ts';
import { KEPT_RUNS, SHOWN_RUNS, type Cron, type CronDraft, type CronHistoryDraft, type CronJob, type CronRun } from './cron-state.ts';

/** When a pattern is next, after a moment; null when never. */
export function nextRun(cron: string, timezone: string, afterMs: number): string | null {
  const next = new CronPattern(cron, { paused: true, timezone }).nextRun(new Date(afterMs));
  return next && isoTime(next.getTime());
}

export interface Plan {
  readonly enabled: boolean;
  readonly timezone: string;
  readonly execution_mode: Cron['execution_mode'];
  readonly jobs: readonly ScheduledJob[];
  readonly isJobEnabled: (name: string) => boolean;
}

/** The jobs as they are planned, each with what is known of it. A job keeps its next run, also one that was missed, for as long as its pattern is the same. */
export function plannedJobs(now: Cron, { timezone, jobs, isJobEnabled }: Plan, nowMs: number): CronJob[] {
  return jobs.map(({ name, skill, cron, enabled }) => {
    const known = now.jobs.find((job) => job.name === name);
    const isSame = known?.cron === cron && now.timezone === timezone && known.next_run !== null;
    return {
      ...known,
      name,
      skill,
      cron,
      enabled: enabled && isJobEnabled(name),
      next_run: isSame ? known.next_run : nextRun(cron, timezone, nowMs),
      last_run: known?.last_run ?? null,
      last_status: known?.last_status ?? null,
      run: known?.run ?? null,
    };
  });
}

/** Puts planned jobs in the place of those that were, changing only what is another. */
export function takeOver(cron: CronDraft, jobs: readonly CronJob[]): void {
  const isSameList = jobs.length === cron.jobs.length && jobs.every(({ name }, index) => cron.jobs[index]?.name === name);
  if (!isSameList) cron.jobs = [...jobs];
  else for (const [index, job] of jobs.entries()) Object.assign(cron.jobs[index] ?? {}, job);
}

/** Adds a run to what is shown and to what is kept. */
export function recordRun(cron: CronDraft, history: CronHistoryDraft, run: CronRun): void {
  cron.history.unshift(run);
  if (cron.history.length > SHOWN_RUNS) cron.history.splice(SHOWN_RUNS);
  cron.updated_at = run.completed_at;
  history.runs.push(run);
  if (history.runs.length > KEPT_RUNS) history.runs.splice(0, history.runs.length - KEPT_RUNS);
}
