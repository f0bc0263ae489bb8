import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Lines that it has printed so far. */
  readonly lines: string[];
  /** Resolves with the exit code, null when it was killed; rejects with what it said on standard error when it failed. */
  readonly ended: Promise<number | null>;
  /** Resolves when it has printed so many lines. */
  printed(count: number): Promise<void>;
}

/** Starts a program of test/support/programs as a process of its own, on the sources. */
export function runProgram(name: string, ...args: readonly string[]): RunningProgram {
  return follow(name, process.execPath, nodeArguments(name, args));
}

/** The same under strace, with what it is to inject. */
export function runProgramTraced(traceOptions: readonly string[], name: string, ...args: readonly string[]): RunningProgram {
  return follow(name, 'strace', ['-f', '-qq', '-o', '/dev/null', ...traceOptions, process.execPath, ...nodeArguments(name, args)]);
}

function nodeArguments(name: string, args: readonly string[]): readonly string[] {
  return ['-C', 'holdfast-source', fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), ...args];
}

function follow(name: string, command: string, args: readonly string[]): RunningProgram {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    for (const { count, resolve } of waiting) if (lines.length >= count) resolve();
  });
  const ended = Promise.all([once(child, 'exit') as Promise<[number | null]>, once(reader, 'close')]).then(([[code]]) => {
    for (const { resolve } of waiting) resolve();
    if (code !== null && code !== 0) throw new Error(`${name} ended with ${code}: ${errors}`);
    return code;
  });
  return {
    child,
    lines,
    ended,
    printed: (count) => {
      if (lines.length >= count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, resolve });
      return promise;
    },
  };
}
