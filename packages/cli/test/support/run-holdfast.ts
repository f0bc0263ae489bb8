import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when it has written to standard error. */
  readonly said: Promise<void>;
}

/** Starts the command as its user does, in a process of its own. */
export function startHoldfast(...args: readonly string[]): Running {
  const child = spawn(process.execPath, ['-C', 'holdfast-source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (written.stdout += text));
  const said = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      written.stderr += text;
      resolve();
    });
  });
  const ended = (once(child, 'close') as Promise<[number | null]>).then(([code]) => ({ code, ...written }));
  return { child, said, ended };
}

export function holdfast(...args: readonly string[]): Promise<Ended> {
  return startHoldfast(...args).ended;
}
