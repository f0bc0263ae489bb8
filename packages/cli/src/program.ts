import { Command, Option } from 'commander';
import type { FileFormat } from 'holdfast/files';
import { copyCommand } from './copy-command.ts';
import { duCommand } from './du-command.ts';
import { Output } from './output.ts';
import { ADDRESS_FORMS } from './store-address.ts';

interface Flags {
  readonly json?: boolean;
}

/** What a command does; what it throws is reported by `run`. */
type Run = (output: Output, work: () => Promise<void>) => Promise<void>;

/** The command line. `signal` ends what is under way. */
export function program(run: Run, signal: AbortSignal): Command {
  const command = new Command('holdfast')
    .description('Moves and inspects stores of Holdfast.')
    .addHelpText(
      'after',
      `\nA store is written ${ADDRESS_FORMS}.\nEnds with 0 when done, 1 when it failed, 2 for a wrong command line, 130 when interrupted.`,
    )
    .exitOverride();
  command
    .command('copy')
    .description('copy a store with all that it holds into an empty one; given again, a copy that was cut short goes on')
    .argument('<from>', 'the store to read; nobody may write it meanwhile, nor go on with it afterwards')
    .argument('<to>', 'the store to make')
    .addOption(new Option('--format <format>', 'of the files of a store of files').choices(['json', 'yaml']).default('json'))
    .addOption(json())
    .action((from: string, to: string, { format, ...flags }: Flags & { readonly format: FileFormat }) => {
      const output = new Output(flags);
      return run(output, () => copyCommand({ from, to, format, signal }, output));
    });
  command
    .command('du')
    .description('say how much a store holds: records and bytes, by kind, scope and state')
    .argument('<store>', 'the store to read')
    .addOption(json())
    .action((store: string, flags: Flags) => {
      const output = new Output(flags);
      return run(output, () => duCommand(store, output));
    });
  return command;
}

function json(): Option {
  return new Option('--json', 'print the result, or what went wrong, as one line of JSON');
}
