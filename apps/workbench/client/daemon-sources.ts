import type { DaemonName } from '../daemons/daemon.ts';
import { connectDaemon, type ConnectOptions } from './daemon-client.ts';
import { readSources, type Source } from './sources.ts';

/** Asks daemons of a home how they are, side by side. */
export async function readDaemons(
  daemons: readonly DaemonName[],
  options: Omit<ConnectOptions, 'daemon'> & { readonly timeoutMs?: number },
): Promise<Readonly<Record<DaemonName, Source>>> {
  const { timeoutMs, ...connect } = options;
  const ask = async (daemon: DaemonName): Promise<unknown> => {
    using client = await connectDaemon({ ...connect, daemon });
    return await client.call('GetStatus');
  };
  const sources = Object.fromEntries(daemons.map((daemon) => [daemon, () => ask(daemon)])) as Record<DaemonName, () => unknown>;
  return await readSources(sources, timeoutMs === undefined ? {} : { timeoutMs });
}
