import { WorkbenchError } from '../workbench-error.ts';
import { DAEMONS, type DaemonName } from './daemon.ts';

/** @throws {WorkbenchError} NOT_FOUND for a name that is no daemon's. */
export function daemonNameOf(name: string): DaemonName {
  const found = DAEMONS.find((each) => each === name);
  if (found) return found;
  throw new WorkbenchError('NOT_FOUND', `There is no daemon ${JSON.stringify(name)}; there are ${DAEMONS.join(', ')}.`);
}
