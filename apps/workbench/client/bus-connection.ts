import dbus, { type MessageBus } from 'dbus-next';
import type { DaemonName } from '../daemons/daemon.ts';
import { SIGNALS, type SignalListener, type SignalName } from '../daemons/daemon-calls.ts';
import { BUS_ERROR, busNameOf, type BusName } from '../dbus/bus-names.ts';
import { connectSessionBus } from '../dbus/session-bus.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { errorOfDaemon, type DaemonConnection } from './daemon-connection.ts';

/** @throws {WorkbenchError} UNAVAILABLE when there is no session bus, or the daemon is not on it. */
export async function connectOverBus(
  daemon: DaemonName,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DaemonConnection> {
  const bus = await connectSessionBus(environment);
  if (!bus) throw new WorkbenchError('UNAVAILABLE', 'There is no session bus here.');
  const connection = new BusConnection(bus, busNameOf(daemon));
  try {
    await connection.call('Ping', []);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

class BusConnection implements DaemonConnection {
  readonly via = 'dbus';
  readonly #bus: MessageBus;
  readonly #place: BusName;

  constructor(bus: MessageBus, place: BusName) {
    this.#bus = bus;
    this.#place = place;
  }

  async call(name: string, args: readonly string[]): Promise<unknown> {
    const { name: destination, path } = this.#place;
    const message = new dbus.Message({
      destination,
      path,
      interface: destination,
      member: name,
      signature: 's'.repeat(args.length),
      body: [...args],
    });
    let text: string;
    try {
      const reply = await this.#bus.call(message);
      text = String(reply?.body[0]);
    } catch (error) {
      throw this.#failure(error);
    }
    return name === 'Ping' ? text : (JSON.parse(text) as unknown);
  }

  async listen(listener: SignalListener): Promise<void> {
    const { name, path } = this.#place;
    this.#bus.on('message', (message) => {
      if (message.type !== dbus.MessageType.SIGNAL || message.path !== path || !Object.hasOwn(SIGNALS, message.member)) return;
      listener(message.member as SignalName, message.body.map(String));
    });
    const rule = `type='signal',sender='${name}',interface='${name}',path='${path}'`;
    const match = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
    };
    await this.#bus.call(new dbus.Message({ ...match, signature: 's', body: [rule] }));
  }

  close(): void {
    this.#bus.disconnect();
  }

  #failure(error: unknown): WorkbenchError {
    const { type = '', text = String(error) } = error as { readonly type?: string; readonly text?: string };
    if (type.startsWith(BUS_ERROR)) return errorOfDaemon(type.slice(BUS_ERROR.length), text);
    return new WorkbenchError('UNAVAILABLE', `${this.#place.name} does not answer on the session bus: ${text}`, { cause: error });
  }
}
