import type { SignalListener } from '../daemons/daemon-calls.ts';
import { WorkbenchError, type WorkbenchErrorCode } from '../workbench-error.ts';

/** One way to a daemon: what a bus and a socket have in common. */
export interface DaemonConnection {
  readonly via: 'dbus' | 'socket';
  /** Gives what the daemon answers, as JSON. @throws {WorkbenchError} with the daemon's code, or UNAVAILABLE. */
  call(name: string, args: readonly string[]): Promise<unknown>;
  /** Resolves when signals come. */
  listen(listener: SignalListener): Promise<void>;
  close(): void;
}

const CODES: readonly string[] = ['INVALID_INPUT', 'NOT_FOUND', 'REFUSED', 'UNAVAILABLE'] satisfies WorkbenchErrorCode[];

/** The error that a daemon answered with. One of a kind that clients do not know is REFUSED, and its message says what it is. */
export function errorOfDaemon(code: string, message: string): WorkbenchError {
  return new WorkbenchError(CODES.includes(code) ? (code as WorkbenchErrorCode) : 'REFUSED', message);
}
