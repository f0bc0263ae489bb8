import type { DaemonName } from '../daemons/daemon.ts';

export interface BusName {
  /** The well-known name, which is that of the interface too. */
  readonly name: string;
  readonly path: string;
}

/** Where a daemon is on the session bus. */
export function busNameOf(daemon: DaemonName): BusName {
  const name = daemon === 'memory' ? 'com.aiworkflow.Memory' : `com.aiworkflow.Bot${daemon.charAt(0).toUpperCase()}${daemon.slice(1)}`;
  return { name, path: `/${name.replaceAll('.', '/')}` };
}

/** Errors of a call are `com.aiworkflow.Error.<CODE>`. */
export const BUS_ERROR = 'com.aiworkflow.Error.';
