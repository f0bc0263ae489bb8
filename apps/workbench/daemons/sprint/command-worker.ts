import { CommandNotStarted, runCommand } from '../run-command.ts';
import type { SprintWorker, WorkOrder, WorkReport } from './sprint-worker.ts';

const SUMMARY_LENGTH = 2_000;
/** `EX_TEMPFAIL` of sysexits: the command wants an answer before it can go on. */
const WAITING = 75;

export interface CommandWorkerOptions {
  /** A program and its arguments; `{key}` and `{summary}` in an argument stand for the issue's. No shell reads them. */
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
}

/** Has a command do the work. It finds the issue in its arguments and in `ISSUE_KEY`, `ISSUE_SUMMARY` and `ISSUE_RUN`; the end of what it says is the summary. */
export class CommandWorker implements SprintWorker {
  readonly #options: CommandWorkerOptions;

  constructor(options: CommandWorkerOptions) {
    this.#options = options;
  }

  async work({ key, summary }: WorkOrder, { run, signal }: { readonly run: string; readonly signal: AbortSignal }): Promise<WorkReport> {
    const [program = '', ...args] = this.#options.command.map((part) =>
      part.replace(/\{(key|summary)\}/g, (_, name) => (name === 'key' ? key : summary)),
    );
    const environment = { ISSUE_KEY: key, ISSUE_SUMMARY: summary, ISSUE_RUN: run };
    try {
      const { cwd } = this.#options;
      const { exitCode, output } = await runCommand({ program, args, environment, cwd, keptOutput: SUMMARY_LENGTH }, signal);
      const outcome = exitCode === 0 ? 'completed' : exitCode === WAITING ? 'waiting' : 'blocked';
      return { outcome, summary: output || `${program} ended with ${exitCode ?? 'a signal'}.` };
    } catch (error) {
      if (error instanceof CommandNotStarted) return { outcome: 'blocked', summary: error.message };
      throw error;
    }
  }
}
