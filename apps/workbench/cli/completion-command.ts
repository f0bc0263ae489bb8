import type { Command } from 'commander';
import { DAEMONS } from '../daemons/daemon.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { CommandContext } from './command-context.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
const TAKE_DAEMONS = ['start', 'status', 'stop', 'call'];

/** Prints the script that completes the command in a shell; made of the commands as they are. */
export async function completionCommand({ output }: CommandContext, root: Command, shell: string): Promise<void> {
  const known = SHELLS.find((each) => each === shell);
  if (!known)
    throw new WorkbenchError('INVALID_INPUT', `There is no completion for ${JSON.stringify(shell)}; there is for ${SHELLS.join(', ')}.`);
  const script = { bash, zsh, fish }[known](root);
  output.result({ shell: known, script }, script);
  return await Promise.resolve();
}

/** What may stand behind a command, by its name. */
function wordsBehind(command: Command): readonly string[] {
  const options = command.options.map(({ long }) => long ?? '').filter(Boolean);
  if (command.name() === 'completion') return [...SHELLS, ...options];
  return TAKE_DAEMONS.includes(command.name()) ? [...DAEMONS, ...options] : options;
}

function optionsOf(root: Command): readonly string[] {
  return root.options.map(({ long }) => long ?? '').filter(Boolean);
}

function bash(root: Command): string {
  const all = optionsOf(root).join(' ');
  const cases = root.commands.map((command) => `    ${command.name()}) words="${[...wordsBehind(command), all].join(' ')}" ;;`);
  return `_holdfast_workbench() {
  local command="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${root.commands.map((command) => command.name()).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command" in
    "") words="${[...root.commands.map((command) => command.name()), all].join(' ')}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _holdfast_workbench holdfast-workbench`;
}

/** Zsh runs the one of bash. */
function zsh(root: Command): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(root)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

function fish(root: Command): string {
  const names = root.commands.map((command) => command.name());
  const lines = root.commands.map(
    (command) =>
      `complete -c holdfast-workbench -f -n "not __fish_seen_subcommand_from ${names.join(' ')}" -a ${command.name()} -d ${quote(command.description())}`,
  );
  const behind = root.commands.map((command) => {
    const words = wordsBehind(command).join(' ');
    return words === '' ? [] : [`complete -c holdfast-workbench -f -n "__fish_seen_subcommand_from ${command.name()}" -a ${quote(words)}`];
  });
  const options = root.options.map(
    ({ long, description }) => `complete -c holdfast-workbench -l ${long?.slice(2)} -d ${quote(description)}`,
  );
  return [...lines, ...behind.flat(), ...options].join('\n');
}
