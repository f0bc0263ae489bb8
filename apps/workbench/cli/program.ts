import { Command, Option } from 'commander';
import { DAEMONS } from '../daemons/daemon.ts';
import type { Environment } from '../dbus/session-bus.ts';
import type { InitOptions } from './init-command.ts';
import type { McpOptions } from './mcp-command.ts';
import { inContext, type CommandContext } from './command-context.ts';
import { refreshOption } from './refresh-option.ts';
import type { TopOptions } from './top-command.ts';
import type { WebOptions } from './web-command.ts';

const NAMES = `daemons: ${DAEMONS.join(', ')}`;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The command line, a command after the other; what a command needs is loaded when it runs. */
export function program(environment: Environment): Command {
  const root = new Command('holdfast-workbench')
    .description('The state of a developer’s AI workflow: its daemons, and what they keep.')
    .addOption(
      new Option('--home <folder>', 'of all that is kept; default AA_WORKFLOW_HOME, else aa-workflow in XDG_CONFIG_HOME or ~/.config'),
    )
    .addOption(new Option('--project <path>', 'config.json, or its folder; default AA_WORKFLOW_CONFIG, else the current folder'))
    .addOption(
      new Option('--log-level <level>', 'of what is logged on standard error').choices(LOG_LEVELS).default('info').env('LOG_LEVEL'),
    )
    .addOption(new Option('--json', 'print results, and what went wrong, as lines of JSON'))
    .addHelpText('after', '\nEnds with 0 when done, 1 when it failed, 2 for a wrong command line, 3 when a daemon cannot be reached.')
    .exitOverride();
  const run =
    <Args extends readonly unknown[]>(work: (context: CommandContext, ...args: Args) => Promise<void>) =>
    async (...given: readonly unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      await inContext(command, environment, (context) => work(context, ...(given.slice(0, -1) as unknown as Args)));
    };

  root
    .command('start')
    .description('run daemons in this process until it is told to end; without names, all of them')
    .argument('[daemons...]', NAMES)
    .action(run<[string[]]>(async (...given) => (await import('./start-command.ts')).startCommand(...given)));
  root
    .command('status')
    .description('say which daemons run, where, and how they are')
    .argument('[daemons...]', NAMES)
    .action(run<[string[]]>(async (...given) => (await import('./status-command.ts')).statusCommand(...given)));
  root
    .command('stop')
    .description('end daemons, and wait until they have ended; without names, all that run')
    .argument('[daemons...]', NAMES)
    .action(run<[string[]]>(async (...given) => (await import('./stop-command.ts')).stopCommand(...given)));
  root
    .command('call')
    .description('call a method of a daemon that runs; `status --json` names its methods')
    .argument('<daemon>', NAMES)
    .argument('<method>', 'as in list_jobs')
    .argument('[args...]', 'one JSON object, or name=value each')
    .addOption(new Option('--via <way>', 'how the daemon is reached').choices(['socket', 'dbus']))
    .action(
      run<[string, string, string[], { via?: 'socket' | 'dbus' }]>(async (...given) =>
        (await import('./call-command.ts')).callCommand(...given),
      ),
    );
  root
    .command('mcp')
    .description('serve agents by MCP: over standard input and output, or over HTTP')
    .addOption(new Option('--port <number>', 'serve over HTTP on this port of the machine; 0 takes any'))
    .addOption(new Option('--session <id>', 'whose persona says which tools are offered until the client begins a session'))
    .action(run<[McpOptions]>(async (...given) => (await import('./mcp-command.ts')).mcpCommand(...given)));
  root
    .command('top')
    .description('show everything live in the terminal, and do what needs a person')
    .addOption(new Option('--once', 'print it once and end'))
    .addOption(refreshOption())
    .action(run<[TopOptions]>(async (...given) => (await import('./top-command.ts')).topCommand(...given)));
  root
    .command('web')
    .description('serve a page with everything to this machine')
    .addOption(new Option('--port <number>', 'of 127.0.0.1; 0 takes any').default('0'))
    .addOption(refreshOption())
    .action(run<[WebOptions]>(async (...given) => (await import('./web-command.ts')).webCommand(...given)));
  root
    .command('init')
    .description('make the home, a config.json where there is none, and on request a unit of systemd')
    .addOption(new Option('--systemd', 'write a user unit that runs all daemons'))
    .action(run<[InitOptions]>(async (...given) => (await import('./init-command.ts')).initCommand(...given)));
  root
    .command('completion')
    .description('print what completes this command in a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(run<[string]>(async (context, shell) => (await import('./completion-command.ts')).completionCommand(context, root, shell)));
  return root;
}
