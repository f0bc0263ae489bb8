import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of test/support as a process of its own, that can be killed. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;

  /** The file in test/support, and its arguments. */
  constructor(file: string, ...args: readonly string[]) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#child = spawn(process.execPath, ['-C', 'holdfast-source', path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new TypeError('a piped stream is there');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
  }

  /** The next line that it prints; undefined when it has ended. */
  async line(): Promise<string | undefined> {
    return (await this.#lines.next()).value;
  }

  /** kill -9: nothing is flushed, nothing is closed. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
