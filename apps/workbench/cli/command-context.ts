import type { Command } from 'commander';
import type { Environment } from '../dbus/session-bus.ts';
import { workbenchHome } from '../home.ts';
import { Output } from './output.ts';

/** What every command is given. */
export interface CommandContext {
  readonly home: string;
  /** `config.json`, or the folder it stands in; undefined is the default. */
  readonly project: string | undefined;
  readonly logLevel: string;
  readonly environment: Environment;
  readonly output: Output;
}

interface GlobalOptions {
  readonly home?: string;
  readonly project?: string;
  readonly logLevel: string;
  readonly json?: boolean;
}

/** Runs the work of a command with the options of all commands; what it throws is said, and becomes the exit code. */
export async function inContext(
  command: Command,
  environment: Environment,
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const { home, project, logLevel, json } = command.optsWithGlobals<GlobalOptions>();
  const output = new Output({ json });
  try {
    const chosen = home === undefined ? environment : { ...environment, AA_WORKFLOW_HOME: home };
    await work({ home: workbenchHome(chosen), project, logLevel, environment, output });
  } catch (error) {
    process.exitCode = output.failure(error);
  }
}
