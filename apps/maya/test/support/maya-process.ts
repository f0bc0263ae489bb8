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
    this.#child.kill('SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    const { child, url } = await spawnMaya(this.directory, new URL(this.#url).port);
    this.#child = child;
    this.#url = url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function spawnMaya(directory: string, port: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, MAYA_WORD_DELAY_MS: '5', LOG_LEVEL: 'warn' };
  const args = ['-C', 'holdfast-source', MAIN, '--port', port, '--store', `sqlite:${join(directory, 'maya.db')}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url) return { child, url };
  }
  throw new Error(`Maya did not start: ${errors}`);
}
