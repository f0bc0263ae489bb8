import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A program of test/support/programs in a process of its own, on the sources, that answers each line with a line. */
export class RunningProgram {
  readonly child: ChildProcess;
  /** Resolves with its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  readonly #lines: AsyncIterator<string>;

  /** `prefix` is what it is run under, as in `['strace', '-f']`. It is killed with the test. */
  constructor(name: string, args: readonly string[], prefix: readonly string[] = []) {
    const script = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
    const [command = process.execPath, ...rest] = [...prefix, process.execPath, '-C', 'holdfast-source', script, ...args];
    this.child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
    // It may be dead when it is spoken to.
    this.child.stdin!.on('error', () => undefined);
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Starts it and waits for its first line. */
  static async start(name: string, args: readonly string[]): Promise<RunningProgram> {
    const program = new RunningProgram(name, args);
    await program.line();
    return program;
  }

  /** Undefined when it has ended. */
  async line(): Promise<string | undefined> {
    const next = await this.#lines.next();
    return next.done ? undefined : next.value;
  }

  /** Has it do something; gives what it answers, as JSON. */
  async tell(line: string): Promise<unknown> {
    this.child.stdin!.write(`${line}\n`);
    const answer = await this.line();
    if (answer === undefined) throw new Error(`The program ended instead of answering ${line}.`);
    return JSON.parse(answer);
  }

  /** Tells it to end, and waits for it. Null when it was killed. */
  async end(): Promise<number | null> {
    this.child.stdin!.end();
    return await this.ended;
  }
}
