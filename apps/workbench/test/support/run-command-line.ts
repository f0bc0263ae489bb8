import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder } from './open-home.ts';
import { runChild, type Child } from './run-child.ts';

export interface CommandLine {
  readonly home: string;
  readonly project: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What Node is given to run the command. */
  readonly program: readonly string[];
  /** Runs a command to its end. */
  readonly run: (...args: readonly string[]) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** Runs a command that goes on, such as `start`. */
  readonly begin: (...args: readonly string[]) => Child;
}

/** The command on a home and a project of its own, which are known to it by the environment. */
export function commandLine(more: Readonly<Record<string, string>> = {}): CommandLine {
  const folder = emptyFolder();
  const [home, project] = [join(folder, 'home'), join(folder, 'project')];
  const { PATH } = process.env;
  const environment = { PATH, HOME: folder, AA_WORKFLOW_HOME: home, AA_WORKFLOW_CONFIG: project, LOG_LEVEL: 'silent', ...more };
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const program = ['-C', 'holdfast-source', main];
  const run: CommandLine['run'] = async (...args) => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<CommandLine['run']>>>();
    execFile(process.execPath, [...program, ...args], { env: environment }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    return await promise;
  };
  return { home, project, environment, program, run, begin: (...args) => runChild('../../cli/main.ts', args, environment) };
}
