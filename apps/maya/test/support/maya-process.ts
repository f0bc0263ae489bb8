import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** Maya as a newcomer starts her: a process of its own on a SQLite file, which can be killed and started again on the same files and address. */
export class MayaProcess implements AsyncDisposable {
  readonly directory: string;
  #child: ChildProcess;
  #url: string;

  private constructor(directory: string, child: ChildProcess, url: string) {
    this.directory = directory;
    this.#child = child;
    this.#url = url;
  }

  static async start(): Promise<MayaProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'maya-'));
    const { child, url } = await spawnMaya(directory, '0');
    return new MayaProcess(directory, child, url);
  }

  /** Ends with a slash. */
  get url(): string {
    return this.#url;
  }

  /** kill -9: nothing is flushed, nothing is closed. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    // The whole group: a tracer that dies alone sets its process free.
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    const { child, url } = await spawnMaya(this.directory, new URL(this.#url).port);
    this.#child = child;
    this.#url = url;
  }

  /** Starts again so that the process is killed when it syncs a file for the `count`-th time; false when that is before it is open. */
  async restartToBeKilled(count: number): Promise<boolean> {
    const strace = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      `inject=fsync,fdatasync:signal=KILL:when=${count}`,
    ];
    try {
      const { child, url } = await spawnMaya(this.directory, new URL(this.#url).port, strace);
      this.#child = child;
      this.#url = url;
      return true;
    } catch (error) {
      if (error instanceof NotStarted && error.wasKilled) return false;
      throw error;
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

class NotStarted extends Error {
  readonly wasKilled: boolean;

  constructor(wasKilled: boolean, errors: string) {
    super(`Maya did not start: ${errors}`);
    this.wasKilled = wasKilled;
  }
}

async function spawnMaya(directory: string, port: string, tracer: readonly string[] = []): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    MAYA_WORD_DELAY_MS: '5',
    MAYA_BURST_LIMIT: '1000',
    MAYA_SESSION_RATE_LIMIT: '1000',
    MAYA_APP_RATE_LIMIT: '10000',
    LOG_LEVEL: 'warn',
  };
  const maya = [process.execPath, '-C', 'holdfast-source', MAIN, '--port', port, '--store', `sqlite:${join(directory, 'maya.db')}`];
  const [command = '', ...args] = [...tracer, ...maya];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url) return { child, url };
  }
  await ended;
  throw new NotStarted(child.signalCode === 'SIGKILL', errors);
}
