import { existsSync } from 'node:fs';
import { join } from 'node:path';
import dbus, { type MessageBus } from 'dbus-next';
import { WorkbenchError } from '../workbench-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const CONNECTS_WITHIN_MS = 5_000;

/** The address of the session bus; undefined where there is none. */
function sessionBusAddress(environment: Environment): string | undefined {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime } = environment;
  if (address) return address;
  const socket = runtime && join(runtime, 'bus');
  return socket && existsSync(socket) ? `unix:path=${socket}` : undefined;
}

/** Connects to the session bus; undefined where there is none. @throws {WorkbenchError} UNAVAILABLE when there should be one and it does not answer. */
export async function connectSessionBus(environment: Environment): Promise<MessageBus | undefined> {
  const busAddress = sessionBusAddress(environment);
  if (busAddress === undefined) return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('it did not answer in time')), CONNECTS_WITHIN_MS);
  let bus: MessageBus | undefined;
  try {
    bus = dbus.sessionBus({ busAddress });
    // Stays for good: an error that nobody listens to would end the process.
    bus.on('error', reject);
    bus.on('connect', resolve);
    await promise;
    return bus;
  } catch (cause) {
    bus?.disconnect();
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError('UNAVAILABLE', `The session bus at ${busAddress} cannot be reached: ${message}.`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
