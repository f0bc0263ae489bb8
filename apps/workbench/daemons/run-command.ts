import { spawn } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 5_000;

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it runs. Default: where this process does. */
  readonly cwd?: string | undefined;
  /** How many characters of what it says are kept, the last ones. */
  readonly keptOutput: number;
}

export interface CommandEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** The last of what it said, on either stream. */
  readonly output: string;
}

/** A program that could not be started: nothing was done. */
export class CommandNotStarted extends Error {
  override readonly name = 'CommandNotStarted';
}

/**
 * Runs a program to its end. When the signal aborts, it and what it started are told to end, and made to 5 s later.
 * @throws {CommandNotStarted}
 */
export async function runCommand({ program, args, environment, cwd, keptOutput }: Command, signal: AbortSignal): Promise<CommandEnd> {
  // A group of its own: what it started ends with it.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const listen = (text: string): void => void (output = (output + text).slice(-keptOutput));
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
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, output: output.trim() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandNotStarted(`${program} could not be started: ${why}`, { cause });
  } finally {
    clearTimeout(kill);
    signal.removeEventListener('abort', end);
  }
}

/** One that could not be started has no group, and one that has ended none any more. */
function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
