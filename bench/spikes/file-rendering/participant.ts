import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RendererName } from './render.ts';

export interface Participant {
  readonly child: ChildProcess;
  /** Resolves when it has opened the database and begins its task. */
  readonly begins: Promise<unknown>;
  /** What it printed last, once it ended by itself; rejects with what it complained of. */
  readonly answer: Promise<unknown>;
}

const running = new Set<ChildProcess>();
// A check that fails leaves nobody behind, stopped ones included.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a process of `participant-main.ts`, behind the words of `prefix` (a tracer). */
export function startParticipant(
  directory: string,
  renderer: RendererName,
  task: string,
  argument = '',
  prefix: readonly string[] = [],
): Participant {
  const [command, ...rest] = [
    ...prefix,
    process.execPath,
    fileURLToPath(new URL('participant-main.ts', import.meta.url)),
    directory,
    renderer,
    task,
    argument,
  ];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('close', () => running.delete(child));
  const answer = collect(child);
  answer.catch(() => undefined); // a check that kills it does not ask
  return { child, begins: once(child.stdout, 'data'), answer };
}

/** Resolves when the process was stopped by a signal. */
export async function stopped({ child }: Participant): Promise<void> {
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // nothing tells of a stop but the process table
  }
}

async function collect(child: ChildProcess): Promise<unknown> {
  let [output, complaint] = ['', ''];
  child.stdout!.on('data', (text) => (output += text));
  child.stderr!.on('data', (text) => (complaint += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`ended with ${code ?? signal}: ${complaint}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1)!);
}
