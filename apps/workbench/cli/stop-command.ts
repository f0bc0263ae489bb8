import { setTimeout as sleep } from 'node:timers/promises';
import { connectDaemon } from '../client/daemon-client.ts';
import { daemonHolders } from '../daemons/daemon-lease.ts';
import { daemonNameOf } from '../daemons/daemon-name.ts';
import { DAEMONS } from '../daemons/daemon.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { CommandContext } from './command-context.ts';

const ENDS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** Ends daemons and waits until they have. Daemons of one process end together. */
export async function stopCommand({ home, environment, output }: CommandContext, wanted: readonly string[]): Promise<void> {
  const names = wanted.length === 0 ? DAEMONS : wanted.map(daemonNameOf);
  const running = [...(await daemonHolders(home, names)).keys()];
  for (const name of running) {
    // One that ended with another of its process is not there to be told.
    if (!(await daemonHolders(home, [name])).has(name)) continue;
    const client = await connectDaemon({ home, daemon: name, environment, via: 'socket' }).catch(() => undefined);
    await client?.call('Shutdown').catch(() => undefined);
    client?.close();
  }
  for (const deadline = performance.now() + ENDS_WITHIN_MS; ; await sleep(LOOK_EVERY_MS)) {
    const left = await daemonHolders(home, running);
    if (left.size === 0) break;
    if (performance.now() > deadline) {
      const list = [...left].map(([name, holder]) => `${name} (${holder})`).join(', ');
      throw new WorkbenchError('UNAVAILABLE', `Told to end, and still there: ${list}. End the process by a signal.`);
    }
  }
  output.result({ stopped: running }, running.length === 0 ? 'None of them runs.' : `Ended: ${running.join(', ')}.`);
}
