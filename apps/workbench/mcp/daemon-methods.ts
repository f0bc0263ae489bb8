import { z } from 'zod';
import { connectDaemon } from '../client/daemon-client.ts';
import { DAEMONS } from '../daemons/daemon.ts';
import { defineMethod, type Method } from '../methods/method.ts';
import { WorkbenchError } from '../workbench-error.ts';

const daemon = z.enum(DAEMONS);

/** What clients can call of daemons, which run in processes of their own. */
export function daemonMethods({ home }: { readonly home: string }): readonly Method[] {
  return [
    defineMethod({
      name: 'daemon_list',
      title: 'List daemons',
      description: 'Lists the daemons, and which of them run.',
      input: {},
      output: z.object({ daemons: z.array(z.object({ name: daemon, running: z.boolean() })) }),
      hints: { readOnly: true, idempotent: true },
      run: async () => ({ daemons: await Promise.all(DAEMONS.map(async (name) => ({ name, running: await isRunning(home, name) }))) }),
    }),
    defineMethod({
      name: 'daemon_status',
      title: 'Status of a daemon',
      description: 'Tells how a daemon is, what it has done, and the names of its methods for daemon_call.',
      input: { daemon },
      hints: { readOnly: true, idempotent: true },
      run: ({ daemon: name }) => callDaemon(home, name, 'GetStatus', {}),
    }),
    defineMethod({
      name: 'daemon_call',
      title: 'Call a daemon',
      description: 'Calls a method of a running daemon, such as an approval of the sprint daemon. daemon_status gives the names.',
      input: { daemon, method: z.string().min(1).max(100), arguments: z.record(z.string(), z.json()).default({}) },
      hints: { readOnly: false, destructive: true, openWorld: true },
      run: ({ daemon: name, method, arguments: input }) => callDaemon(home, name, method, input),
    }),
  ];
}

async function callDaemon(
  home: string,
  name: (typeof DAEMONS)[number],
  method: string,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  using client = await connectDaemon({ home, daemon: name });
  return await client.call(method, input);
}

async function isRunning(home: string, name: (typeof DAEMONS)[number]): Promise<boolean> {
  try {
    await callDaemon(home, name, 'Ping', {});
    return true;
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'UNAVAILABLE') return false;
    throw error;
  }
}
