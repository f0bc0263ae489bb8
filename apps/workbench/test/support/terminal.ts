import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const STARTS_WITHIN_MS = 60_000;

/** Whether this machine can make a terminal: `script` of util-linux. */
export function hasTerminals(): boolean {
  return spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
}

/** The command in a terminal of its own. */
export interface Terminal {
  /** All that was written to it, with what steers it. */
  readonly written: () => string;
  readonly press: (keys: string) => void;
  /** Resolves when a text was written since the call. */
  readonly sees: (text: string) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Runs the command, and afterwards `stty`, which says how the terminal was left. */
export function openTerminal(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Terminal {
  const command = [process.execPath, '-C', 'holdfast-source', MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols 100 rows 30; ${command}; echo "ended with $?"; stty -a`, '/dev/null'], {
    // CI has dashboards print once; here it is a person's terminal.
    env: { ...process.env, CI: 'false', TERM: 'xterm-256color', ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [written, lookFrom] = ['', 0];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    for (const listener of listeners) listener();
  });
  const sees = async (text: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (written.includes(text, lookFrom)) resolve();
    };
    const timer = setTimeout(
      () => reject(new Error(`${text} was not written: ${JSON.stringify(written.slice(lookFrom))}`)),
      STARTS_WITHIN_MS,
    );
    listeners.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      listeners.delete(look);
    });
    lookFrom = written.length;
  };
  return {
    written: () => written,
    press: (keys) => void child.stdin.write(keys),
    sees,
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}
