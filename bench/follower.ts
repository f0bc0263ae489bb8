import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Milliseconds of a clock that all processes of the machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What a process tells when it sees something numbered. */
interface Sight {
  readonly seq: number;
  readonly atMs: number;
}

/** Another process that says when it saw what: `follower-main.ts`, or one written by hand. */
export class Follower {
  readonly #seen = new Map<number, number>();
  #child: ChildProcess | undefined;
  #wake: (() => void) | undefined;

  async start(program: string, ...args: readonly string[]): Promise<void> {
    const child = fork(join(import.meta.dirname, program), args);
    this.#child = child;
    await once(child, 'message');
    child.on('message', (message) => {
      const { seq, atMs } = message as Sight;
      this.#seen.set(seq, atMs);
      this.#wake?.();
    });
  }

  /** When it saw that number, by the clock of {@link monotonicMs}; waits for it. */
  async seen(seq: number): Promise<number> {
    for (;;) {
      const atMs = this.#seen.get(seq);
      if (atMs !== undefined) {
        this.#seen.clear();
        return atMs;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  async stop(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
