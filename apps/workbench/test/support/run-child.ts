import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  readonly process: ChildProcess;
  /** The next line that it prints; undefined when it ended before. */
  line(): Promise<string | undefined>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Ends it by a signal and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Runs a program of this folder in a process of its own, which does not outlive the test. */
export function runChild(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Child {
  const script = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, ['-C', 'holdfast-source', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  return {
    process: child,
    ended,
    line: async () => (await lines.next()).value,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
