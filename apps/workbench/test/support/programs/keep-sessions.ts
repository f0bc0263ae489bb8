/**
 * Opens the Workbench at the home argv[2] and obeys its standard input, answering each line with JSON: `touch <session> <tool>`, `name <session> <name>`, `show <session>`,
 * `race <session> <times>` touches it so often by a tool called argv[3], `flush` renders.
 */
import { createInterface } from 'node:readline';
import { makeLog } from '../../../log.ts';
import { openWorkbench } from '../../../open-workbench.ts';

const [, , home = '', name = ''] = process.argv;
const workbench = await openWorkbench({ home, log: makeLog('silent') });
const { workspaces } = workbench;
const tasks: Readonly<Record<string, (session: string, argument: string) => unknown>> = {
  touch: (session, tool) => workspaces.touch(tool, session),
  name: (session, text) => workspaces.updateSession(session, { name: text }),
  show: (session) => workspaces.getSession(session) ?? null,
  race: async (session, times) => {
    for (let count = 1; count <= Number(times); count += 1) await workspaces.touch(name, session);
    return workspaces.getSession(session);
  },
  flush: () => workspaces.persist().then(() => null),
};
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', session = '', argument = ''] = line.split(' ');
  process.stdout.write(`${JSON.stringify(await tasks[task]?.(session, argument))}\n`);
}
await workbench.close();
