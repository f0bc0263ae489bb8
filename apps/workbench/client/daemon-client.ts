import { isCallName, type SignalListener } from '../daemons/daemon-calls.ts';
import type { DaemonName } from '../daemons/daemon.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { DaemonConnection } from './daemon-connection.ts';
import { connectOverSocket } from './socket-connection.ts';

export interface ConnectOptions {
  readonly home: string;
  readonly daemon: DaemonName;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: the socket, which belongs to this home; then the bus. */
  readonly via?: 'dbus' | 'socket';
}

/** Reaches a running daemon. @throws {WorkbenchError} UNAVAILABLE when it does not run. */
export async function connectDaemon(options: ConnectOptions): Promise<DaemonClient> {
  const { home, daemon, environment = process.env, via } = options;
  if (via === 'dbus') return await overBus(options);
  try {
    return new DaemonClient(await connectOverSocket(home, daemon, environment));
  } catch (error) {
    if (via === 'socket') throw error;
    try {
      return await overBus(options);
    } catch {
      throw new WorkbenchError('UNAVAILABLE', `The ${daemon} daemon does not run; start it with \`holdfast-workbench start ${daemon}\`.`, {
        cause: error,
      });
    }
  }
}

/** Loaded where it is used: most clients need no bus. */
async function overBus({ daemon, environment = process.env }: ConnectOptions): Promise<DaemonClient> {
  const { connectOverBus } = await import('./bus-connection.ts');
  return new DaemonClient(await connectOverBus(daemon, environment));
}

/** A daemon as clients use it. */
export class DaemonClient {
  readonly #connection: DaemonConnection;

  constructor(connection: DaemonConnection) {
    this.#connection = connection;
  }

  get via(): 'dbus' | 'socket' {
    return this.#connection.via;
  }

  /** One of the calls that every daemon has, or a method of the daemon by its own name. */
  async call(name: string, input: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (isCallName(name) && name !== 'CallMethod') return await this.#connection.call(name, []);
    return await this.#connection.call('CallMethod', [name, JSON.stringify(input)]);
  }

  async listen(listener: SignalListener): Promise<void> {
    await this.#connection.listen(listener);
  }

  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
