import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildDriver } from './harness.ts';

export interface Child {
  readonly pid: number;
  /** The next line of its output; `undefined` at the end. */
  nextLine(): Promise<string | undefined>;
  send(line: string): void;
  signal(signal: NodeJS.Signals): void;
  /** All lines that were not taken yet, once it has ended. */
  end(): Promise<{ readonly lines: readonly string[]; readonly exitCode: number | null; readonly errors: string }>;
}

/** Starts one of the programs in `children/` with a driver over the data under test; `under` is a command that runs it. */
export function startChild(
  program: 'increment' | 'acknowledge' | 'hold-lease',
  driver: ChildDriver,
  settings: object,
  under: readonly string[] = [],
): Child {
  const script = fileURLToPath(new URL(`./children/${program}${extname(import.meta.url)}`, import.meta.url));
  const [command, ...args] = [...under, process.execPath, '-C', 'holdfast-source', script, JSON.stringify({ driver, settings })];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  const nextLine = async (): Promise<string | undefined> => (await lines.next()).value;
  return {
    pid: child.pid as number,
    nextLine,
    send: (line) => child.stdin.write(`${line}\n`),
    signal: (signal) => child.kill(signal),
    end: async () => {
      const rest: string[] = [];
      for (let line = await nextLine(); line !== undefined; line = await nextLine()) rest.push(line);
      const [exitCode] = await exited;
      return { lines: rest, exitCode, errors };
    },
  };
}
