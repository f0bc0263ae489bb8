import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** The server as a process of its own. */
export interface MayaProcess {
  readonly child: ChildProcess;
  /** The address that it printed; undefined when it ended without one. */
  readonly url: string | undefined;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

/** Starts the server, on a free port unless one is given, and resolves when it is open or has ended. */
export async function runMaya(store: string, environment: Readonly<Record<string, string>> = {}, port = '0'): Promise<MayaProcess> {
  const env = { ...process.env, MAYA_WORD_DELAY_MS: '0', ...environment };
  const child = spawn(process.execPath, ['-C', 'holdfast-source', MAIN, '--port', port, '--store', store], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const opened = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes('\n')) opened.resolve();
  });
  await Promise.race([opened.promise, exited]);
  return { child, url: /http:\S+/.exec(stdout)?.[0], stdout: () => stdout, stderr: () => stderr, exited };
}
