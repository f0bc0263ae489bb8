import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export interface MayaProcessOptions {
  /** As `--store` takes it; paths begin at the process's directory. Default `sqlite:maya.db`. */
  readonly store?: string;
  /** Default 5. */
  readonly wordDelayMs?: number;
}

/** Maya as a newcomer starts her: a process of its own with a directory of its own, which can be killed and started again on the same store and address. */
export class MayaProcess implements AsyncDisposable {
  readonly directory: string;
  readonly #options: Required<MayaProcessOptions>;
  #child: ChildProcess;
  #url: string;

  private constructor(directory: string, options: Required<MayaProcessOptions>, { child, url }: Spawned) {
    this.directory = directory;
    this.#options = options;
    this.#child = child;
    this.#url = url;
  }

  static async start({ store = 'sqlite:maya.db', wordDelayMs = 5 }: MayaProcessOptions = {}): Promise<MayaProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'maya-'));
    const options = { store, wordDelayMs };
    return new MayaProcess(directory, options, await spawnMaya(directory, options, '0'));
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
    const { child, url } = await spawnMaya(this.directory, this.#options, new URL(this.#url).port);
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
      const { child, url } = await spawnMaya(this.directory, this.#options, new URL(this.#url).port, strace);
      this.#child = child;
      this.#url = url;
      return true;
    } catch (error) {
      if (error instanceof NotStarted && error.wasKilled) return false;
      throw error;
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('Maya does not run.');
    return this.#child.pid;
  }

  /** Asks it to end in order; gives the exit code. */
  async terminate(): Promise<number | null> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

interface Spawned {
  readonly child: ChildProcess;
  readonly url: string;
}

class NotStarted extends Error {
  readonly wasKilled: boolean;

  constructor(wasKilled: boolean, errors: string) {
    super(`Maya did not start: ${errors}`);
    this.wasKilled = wasKilled;
  }
}

async function spawnMaya(
  directory: string,
  { store, wordDelayMs }: Required<MayaProcessOptions>,
  port: string,
  tracer: readonly string[] = [],
): Promise<Spawned> {
  const env = {
    ...process.env,
    MAYA_WORD_DELAY_MS: String(wordDelayMs),
    MAYA_BURST_LIMIT: '1000',
    MAYA_SESSION_RATE_LIMIT: '1000',
    MAYA_APP_RATE_LIMIT: '10000',
    LOG_LEVEL: 'warn',
  };
  const maya = [process.execPath, '-C', 'holdfast-source', MAIN, '--port', port, '--store', store];
  const [command = '', ...args] = [...tracer, ...maya];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: directory, detached: true });
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
