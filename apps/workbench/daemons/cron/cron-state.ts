import { defineState, type Draft } from 'holdfast';
import { z } from 'zod';
import { EXECUTION_MODES } from '../../config/config-sections.ts';
import { readOlderCron } from './older-cron-state.ts';

/** How many runs are shown with the jobs, and how many are kept in all. */
export const SHOWN_RUNS = 20;
export const KEPT_RUNS = 1_000;
/** Characters of what a run said. */
export const PREVIEW_LENGTH = 500;

const RUN_STATUSES = ['success', 'failed', 'skipped'] as const;

/** A run that is over. Times are ISO 8601 with zone. */
const Run = z.looseObject({
  job: z.string(),
  skill: z.string(),
  started_at: z.string(),
  completed_at: z.string(),
  status: z.enum(RUN_STATUSES),
  duration_ms: z.number().min(0),
  error: z.string().nullable(),
  output_preview: z.string(),
});
export type CronRun = z.infer<typeof Run>;

const Job = z.looseObject({
  name: z.string(),
  skill: z.string(),
  cron: z.string(),
  enabled: z.boolean(),
  next_run: z.string().nullable(),
  last_run: z.string().nullable(),
  /** `running` while it is, `unknown` while nobody can say what became of it; else as of its last run. */
  last_status: z.string().nullable(),
  /** Key of the effect that runs it. */
  run: z.string().nullable(),
});
export type CronJob = z.infer<typeof Job>;

const Scheduler = z.looseObject({
  enabled: z.boolean(),
  timezone: z.string(),
  execution_mode: z.enum(EXECUTION_MODES),
  jobs: z.array(Job),
  /** The newest first. */
  history: z.array(Run).max(SHOWN_RUNS),
  updated_at: z.string().nullable(),
});
export type Cron = z.infer<typeof Scheduler>;
export type CronDraft = Draft<Cron>;

/** The scheduler: its jobs, when they run next, and what became of the last runs. */
export const cronState = defineState({
  name: 'cron',
  scope: 'global',
  version: 2,
  schema: Scheduler,
  initial: { enabled: false, timezone: 'America/New_York', execution_mode: 'claude_cli', jobs: [], history: [], updated_at: null },
  migrations: { 2: readOlderCron },
});

/** All runs that are kept, the newest last: appending one costs one. */
export const cronHistoryState = defineState({
  name: 'cron_history',
  scope: 'global',
  schema: z.strictObject({ runs: z.custom<CronRun[]>(Array.isArray) }),
  initial: { runs: [] },
  each: { runs: Run },
});
export type CronHistoryDraft = Draft<{ readonly runs: readonly CronRun[] }>;
