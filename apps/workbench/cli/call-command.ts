import { connectDaemon } from '../client/daemon-client.ts';
import { daemonNameOf } from '../daemons/daemon-name.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { CommandContext } from './command-context.ts';

/** Calls a method and prints what it gives. */
export async function callCommand(
  { home, environment, output }: CommandContext,
  daemon: string,
  method: string,
  args: readonly string[],
  { via }: { readonly via?: 'socket' | 'dbus' },
): Promise<void> {
  const input = inputOf(args);
  using client = await connectDaemon({ home, daemon: daemonNameOf(daemon), environment, ...(via && { via }) });
  const answer = await client.call(method, input);
  output.result(answer, JSON.stringify(answer, undefined, 2));
}

/** One JSON object, or `name=value` each, where the value is JSON if it can be, and a text if not. */
export function inputOf(args: readonly string[]): Record<string, unknown> {
  const [first = ''] = args;
  if (args.length === 1 && first.trimStart().startsWith('{')) {
    const found = parsed(first);
    if (typeof found !== 'object' || found === null)
      throw new WorkbenchError('INVALID_INPUT', 'The argument begins as a JSON object, and is none.');
    return found as Record<string, unknown>;
  }
  return Object.fromEntries(
    args.map((arg) => {
      const [, name = '', value = ''] = /^([\w.-]+)=(.*)$/s.exec(arg) ?? [];
      if (name === '')
        throw new WorkbenchError('INVALID_INPUT', `${JSON.stringify(arg)} is no argument; write name=value, or one JSON object.`);
      return [name, parsed(value) ?? value];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
