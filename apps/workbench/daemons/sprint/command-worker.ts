import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SprintWorker, WorkOrder, WorkReport } from './sprint-worker.ts';

const SUMMARY_LENGTH = 2_000;
/** `EX_TEMPFAIL` of sysexits: the command wants an answer before it can go on. */
const WAITING = 75;
const GRACE_MS = 5_000;

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
    const [program, ...args] = this.#options.command.map((part) =>
      part.replace(/\{(key|summary)\}/g, (_, name) => (name === 'key' ? key : summary)),
    );
    const child = spawn(program as string, args, {
      ...(this.#options.cwd !== undefined && { cwd: this.#options.cwd }),
      env: { ...process.env, ISSUE_KEY: key, ISSUE_SUMMARY: summary, ISSUE_RUN: run },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it started ends with it.
      detached: true,
    });
    let said = '';
    const listen = (text: string): void => void (said = (said + text).slice(-SUMMARY_LENGTH));
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    let kill: NodeJS.Timeout | undefined;
    const end = (): void => {
      endGroup(child.pid, 'SIGTERM');
      kill = setTimeout(() => endGroup(child.pid, 'SIGKILL'), GRACE_MS);
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      const outcome = code === 0 ? 'completed' : code === WAITING ? 'waiting' : 'blocked';
      return { outcome, summary: said.trim() || `${program} ended with ${code ?? 'a signal'}.` };
    } catch (error) {
      return { outcome: 'blocked', summary: `${program} could not be started: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      clearTimeout(kill);
      signal.removeEventListener('abort', end);
    }
  }
}

/** A process that could not be started has no group, and one that has ended none any more. */
function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
