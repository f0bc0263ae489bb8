import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { DaemonName } from '../daemons/daemon.ts';
import type { Environment } from './session-bus.ts';

/** A path of a Unix socket has 107 bytes on Linux and 103 on macOS; while it is made it is a little longer. */
const MAX_BYTES = 90;

/** Where a daemon's socket is: in the home, or in the runtime directory where the home's path is too long for one. Its folder is for the owner only. */
export function socketPath(home: string, daemon: DaemonName, environment: Environment): string {
  const inHome = join(home, 'sockets', `${daemon}.sock`);
  if (Buffer.byteLength(inHome) <= MAX_BYTES) return inHome;
  const { XDG_RUNTIME_DIR: runtime } = environment;
  const name = `aa-workflow-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  return join(runtime && isAbsolute(runtime) ? runtime : tmpdir(), name, `${daemon}.sock`);
}
