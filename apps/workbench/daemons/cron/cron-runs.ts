import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { withoutSecrets } from '../../log.ts';
import { isoTime } from '../../zoned-time.ts';
import { cronHistoryState, cronState, PREVIEW_LENGTH } from './cron-state.ts';
import { recordRun } from './job-changes.ts';
import { CommandNotStarted, runCommand } from '../run-command.ts';
import { RunOrder, RunReport } from './run-order.ts';

const INTERRUPTED = 'The process that ran it ended before it said what became of it; it is not run again by itself.';

/** Runs a skill in this process, with what the job gives it. What it gives is the run's output; what it throws, its error. */
export type RunInProcess = (skill: string, inputs: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Runs of jobs, as an effect: each is begun once, and one that a crash cut off is not begun again. */
export class CronRuns {
  readonly effect: EffectDefinition<RunOrder, RunReport>;
  readonly #underWay = new Map<Promise<unknown>, AbortController>();
  #onEnd: (order: RunOrder, report: RunReport) => void = () => undefined;
  #runInProcess: RunInProcess | undefined;
  /** Why no more runs are begun here. */
  #refusal: string | undefined;

  constructor() {
    this.effect = defineEffect({
      name: 'cronRun',
      input: RunOrder,
      output: RunReport,
      states: [cronState, cronHistoryState],
      concurrent: true,
      run: async (order, { key, signal }) => {
        if (this.#refusal !== undefined) throw new EffectFailure(this.#refusal);
        const controller = new AbortController();
        const report = this.#run(order, key, AbortSignal.any([signal, controller.signal]));
        this.#underWay.set(report, controller);
        return await report.finally(() => this.#underWay.delete(report));
      },
      // Nobody can be asked what a command did, and nobody may do it twice.
      reconcile: () => Promise.resolve({ status: 'failed', error: INTERRUPTED }),
      settle: ([cron, history], outcome, tx, { key, input }) => {
        const job = cron.jobs.find(({ name }) => name === input.job);
        if (outcome.status === 'unknown') {
          if (job?.run === key) job.last_status = 'unknown';
          return;
        }
        const { error, output } = outcome.status === 'done' ? outcome.output : { error: outcome.error, output: '' };
        recordRun(cron, history, {
          job: input.job,
          skill: input.skill,
          started_at: input.startedAt,
          completed_at: isoTime(tx.now),
          status: error === null ? 'success' : 'failed',
          duration_ms: Math.max(0, tx.now - Date.parse(input.startedAt)),
          error,
          output_preview: output,
        });
        if (job?.run === key) Object.assign(job, { run: null, last_status: error === null ? 'success' : 'failed' });
      },
    });
  }

  /** From now on jobs may run skills in this process; `onEnd` is called when a run has ended, before that is committed. */
  serve(runInProcess: RunInProcess, onEnd: (order: RunOrder, report: RunReport) => void): void {
    this.#runInProcess = runInProcess;
    this.#onEnd = onEnd;
  }

  /** Tells what is under way here to end, and waits for it. No more runs are begun here: one that was intended has failed. */
  async endAll(reason: string): Promise<void> {
    this.#refusal = reason;
    const runs = [...this.#underWay];
    for (const [, controller] of runs) controller.abort(new Error(reason));
    await Promise.allSettled(runs.map(([report]) => report));
  }

  async #run(order: RunOrder, key: string, ended: AbortSignal): Promise<RunReport> {
    const timeout = AbortSignal.timeout(order.timeoutMs);
    const signal = AbortSignal.any([ended, timeout]);
    const { error, output } = await this.#work(order, key, signal);
    const why = timeout.aborted ? `It took longer than ${order.timeoutMs / 60_000} minutes.` : ended.aborted ? reasonOf(ended) : error;
    const report = {
      error: why === null ? null : withoutSecrets(why).slice(0, PREVIEW_LENGTH),
      output: withoutSecrets(output).slice(-PREVIEW_LENGTH),
    };
    this.#onEnd(order, report);
    return report;
  }

  async #inProcess(skill: string, inputs: Readonly<Record<string, unknown>>): Promise<RunReport> {
    if (!this.#runInProcess) throw new EffectFailure('No scheduler runs in this process.');
    try {
      const output = await this.#runInProcess(skill, inputs);
      return { error: null, output: typeof output === 'string' ? output : JSON.stringify(output ?? null) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error), output: '' };
    }
  }

  /** @throws {EffectFailure} when nothing was done. */
  async #work({ job, skill, how }: RunOrder, key: string, signal: AbortSignal): Promise<RunReport> {
    const environment = { CRON_JOB: job, CRON_SKILL: skill, CRON_RUN: key };
    switch (how.mode) {
      case 'none':
        throw new EffectFailure(how.reason);
      case 'in_process':
        return await this.#inProcess(skill, how.inputs);
      case 'shell':
        return await commandReport('/bin/sh', ['-c', how.command], environment, signal);
      case 'claude_cli': {
        const [program = '', ...args] = how.command;
        return await commandReport(program, args, environment, signal);
      }
    }
  }
}

async function commandReport(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RunReport> {
  try {
    const { exitCode, output } = await runCommand({ program, args, environment, keptOutput: PREVIEW_LENGTH }, signal);
    return { error: exitCode === 0 ? null : `${program} ended with ${exitCode ?? 'a signal'}.`, output };
  } catch (error) {
    if (error instanceof CommandNotStarted) throw new EffectFailure(error.message);
    throw error;
  }
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
