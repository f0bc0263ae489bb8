import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isHoldfastError, type StateHandle, type Transaction } from 'holdfast';
import { isBreakage } from '../../config/config-problem.ts';
import type { ScheduledJob } from '../../config/config-sections.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { fileProblem } from '../../state-files.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { isoTime } from '../../zoned-time.ts';
import type { Daemon, DaemonContext, SelfCheck } from '../daemon.ts';
import { cronMethods } from './cron-methods.ts';
import type { CronRuns } from './cron-runs.ts';
import { cronHistoryState, cronState, type Cron, type CronDraft, type CronHistoryDraft, type CronRun } from './cron-state.ts';
import { nextRun, plannedJobs, recordRun, takeOver, type Plan } from './job-changes.ts';
import { orderOf } from './run-order.ts';

/** However far the next run is: the machine's clock may be set. */
const LOOK_AT_LEAST_EVERY_MS = 60_000;
/** A run that is so late although the machine is awake is a failure of the scheduler. */
const LATE_MS = 180_000;
const STOPPED = 'The scheduler was stopped while it ran.';

/** Runs jobs at their times: each time once, one run of a job at a time; what was missed while the machine slept or no scheduler ran, once. */
export class CronDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #context: DaemonContext;
  readonly #runs: CronRuns;
  readonly #skills: MethodTable;
  readonly #subscriptions: (() => void)[] = [];
  #cron: StateHandle<Cron> | undefined;
  #history: StateHandle<{ readonly runs: readonly CronRun[] }> | undefined;
  #timer: Disposable | undefined;
  #working: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `skills` are what jobs of the mode `in_process` may name. */
  constructor(context: DaemonContext, runs: CronRuns, skills: MethodTable) {
    this.#context = context;
    this.#runs = runs;
    this.#skills = skills;
    this.methods = new MethodTable(cronMethods(this));
  }

  async start(): Promise<void> {
    const { workbench, emit } = this.#context;
    this.#cron = await workbench.state.global().get(cronState);
    this.#history = await workbench.state.global().get(cronHistoryState);
    this.#runs.serve(
      (skill, inputs) => this.#skills.call(skill, inputs),
      ({ job, skill, notify }, { error }) => emit('job_ended', { job, skill, error, notify }),
    );
    const look = (): void => void this.look();
    this.#subscriptions.push(workbench.config.subscribe(look), workbench.toggles.subscribe(look));
    await this.look();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    for (const end of this.#subscriptions) end();
    await this.#working;
    await this.#runs.endAll(STOPPED);
  }

  check(): Promise<SelfCheck> {
    const { clock, config, store } = this.#context.workbench;
    const { enabled, jobs } = this.status;
    // Where there never was a configuration, there is nothing to do, and nothing wrong.
    const isIdle = jobs.length === 0 && config.problems.every(({ kind }) => kind === 'absent');
    const broken = config.problems.filter((problem) => isBreakage(problem) && /^(?:$|schedules|skills)/.test(problem.path));
    const problems = isIdle ? [] : broken;
    const late = enabled
      ? jobs.filter(({ enabled: isOn, next_run }) => isOn && next_run !== null && Date.parse(next_run) < clock.now() - LATE_MS)
      : [];
    const [first] = problems;
    const ofFile = fileProblem(store, cronState.name);
    const message = first
      ? `${first.path} ${first.message}`.trim()
      : ofFile
        ? ofFile.message
        : late.length > 0
          ? `${late.map(({ name }) => name).join(', ')} should have run.`
          : this.#outlook();
    return Promise.resolve({
      checks: { configuration: problems.length === 0, file: ofFile === undefined, timely: late.length === 0 },
      message,
    });
  }

  stats(): Readonly<Record<string, unknown>> {
    const { enabled, jobs } = this.status;
    const runs = this.#history?.current.runs ?? [];
    return {
      enabled,
      jobs: jobs.length,
      running: jobs.filter(({ run }) => run !== null).length,
      runs: runs.length,
      failed: runs.filter(({ status }) => status === 'failed').length,
    };
  }

  wokeUp(): void {
    void this.look();
  }

  get status(): Cron {
    return this.#cron?.current ?? cronState.initial;
  }

  /** Runs that are over, the newest first. */
  runs({ job, limit }: { readonly job?: string | undefined; readonly limit: number }): readonly CronRun[] {
    const runs = (this.#history?.current.runs ?? []).filter((run) => job === undefined || run.job === job);
    return runs.slice(-limit).toReversed();
  }

  /** Brings the jobs up to the configuration and the toggles, and begins what is due. Resolves when that is committed; the runs themselves go on. */
  look(): Promise<void> {
    this.#working = this.#working.then(() => this.#look());
    return this.#working;
  }

  /** Begins a job now, whatever its times and whether it is on. Gives the key of the run. @throws {WorkbenchError} NOT_FOUND, REFUSED while it runs. */
  async runNow(name: string): Promise<string> {
    const job = this.#plan().jobs.find((each) => each.name === name);
    if (!job) throw new WorkbenchError('NOT_FOUND', `There is no job ${JSON.stringify(name)}; list_jobs gives those that there are.`);
    const key = `${name}/by hand/${randomUUID()}`;
    await this.#change(`${name} by hand`, (cron, _history, tx) => {
      if (!this.#begin(cron, job, key, tx)) throw new WorkbenchError('REFUSED', `${name} is running; wait until it has ended.`);
    });
    return key;
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    const { clock, log, config } = this.#context.workbench;
    const plan = this.#plan();
    let dueMs = clock.now() + LOOK_AT_LEAST_EVERY_MS;
    // A configuration that was broken from the start says nothing of jobs: those that are known stay, and wait.
    const isKnown = config.get('schedules') !== undefined || !config.problems.some(isBreakage);
    try {
      if (isKnown && this.#isAnythingToDo(plan))
        await this.#change('schedule', (cron, history, tx) => this.#bringUp(cron, history, plan, tx));
      for (const { next_run } of this.status.jobs) if (next_run !== null) dueMs = Math.min(dueMs, Date.parse(next_run));
    } catch (error) {
      // Without the lease another process is the scheduler, and this one ends.
      if (!isHoldfastError(error, 'STALE_LEASE')) log.error({ err: error }, 'the schedule could not be worked on; it is tried again');
    }
    this.#timer?.[Symbol.dispose]();
    if (!this.#isStopped) this.#timer = clock.after(Math.max(0, dueMs - clock.now()), () => void this.look());
  }

  #isAnythingToDo(plan: Plan): boolean {
    const nowMs = this.#context.workbench.clock.now();
    const { enabled, timezone, execution_mode, jobs } = this.status;
    const isDue = jobs.some(({ next_run }) => next_run !== null && Date.parse(next_run) <= nowMs);
    const isPlanned = enabled === plan.enabled && timezone === plan.timezone && execution_mode === plan.execution_mode;
    return isDue || !isPlanned || !isDeepStrictEqual(jobs, plannedJobs(this.status, plan, nowMs));
  }

  #bringUp(cron: CronDraft, history: CronHistoryDraft, plan: Plan, tx: Transaction): void {
    const nowMs = this.#context.workbench.clock.now();
    takeOver(cron, plannedJobs(cron, plan, nowMs));
    Object.assign(cron, {
      enabled: plan.enabled,
      timezone: plan.timezone,
      execution_mode: plan.execution_mode,
      updated_at: isoTime(nowMs),
    });
    for (const planned of plan.jobs) {
      const job = cron.jobs.find(({ name }) => name === planned.name);
      const dueAt = job?.next_run ?? null;
      if (!job || dueAt === null || Date.parse(dueAt) > nowMs) continue;
      // Those that were missed in between are made up for by this one.
      job.next_run = nextRun(planned.cron, plan.timezone, nowMs);
      if (!plan.enabled || !job.enabled || this.#begin(cron, planned, `${planned.name}/${dueAt}`, tx)) continue;
      const at = isoTime(nowMs);
      const error = 'The run before it had not ended.';
      const run = { started_at: at, completed_at: at, status: 'skipped' as const, duration_ms: 0, error, output_preview: '' };
      recordRun(cron, history, { job: planned.name, skill: planned.skill, ...run });
    }
  }

  /** False when it is running. */
  #begin(cron: CronDraft, planned: ScheduledJob, key: string, tx: Transaction): boolean {
    const { config, clock } = this.#context.workbench;
    const job = cron.jobs.find(({ name }) => name === planned.name);
    if (!job || job.run !== null) return false;
    const startedAt = isoTime(clock.now());
    tx.effect(this.#runs.effect, { key, input: orderOf(planned, config.current, startedAt) });
    Object.assign(job, { run: key, last_run: startedAt, last_status: 'running' });
    return true;
  }

  #plan(): Plan {
    const { config, toggles } = this.#context.workbench;
    return {
      enabled: toggles.isServiceEnabled('scheduler'),
      timezone: config.get('schedules', 'timezone', 'America/New_York'),
      execution_mode: config.get('schedules', 'execution_mode', 'claude_cli'),
      jobs: config.get('schedules', 'jobs', []),
      isJobEnabled: (name) => toggles.isJobEnabled(name),
    };
  }

  async #change(cause: string, recipe: (cron: CronDraft, history: CronHistoryDraft, tx: Transaction) => void): Promise<void> {
    const { workbench, lease } = this.#context;
    if (!this.#cron || !this.#history) throw new WorkbenchError('UNAVAILABLE', 'The scheduler has not started yet.');
    await workbench.state.transaction([this.#cron, this.#history], ([cron, history], tx) => recipe(cron, history, tx), {
      actor: 'daemon:cron',
      cause,
      lease: lease(),
    });
  }

  #outlook(): string {
    const { enabled, jobs, timezone } = this.status;
    const on = jobs.filter((job) => job.enabled);
    if (!enabled) return 'The scheduler is switched off.';
    const [next] = on.filter(({ next_run }) => next_run !== null).toSorted((a, b) => String(a.next_run).localeCompare(String(b.next_run)));
    return next ? `${on.length} of ${jobs.length} jobs are on; next is ${next.name} at ${next.next_run} (${timezone}).` : 'No job is on.';
  }
}
