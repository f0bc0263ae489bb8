import dbus from 'dbus-next';
import type { DaemonName } from '../daemons/daemon.ts';
import { answerText, CALLS, shownFailure, SIGNALS, type DaemonEndpoint, type SignalName } from '../daemons/daemon-calls.ts';
import type { WayIn } from '../daemons/run-daemons.ts';
import { BUS_ERROR, busNameOf } from './bus-names.ts';
import { connectSessionBus, type Environment } from './session-bus.ts';

const { Interface } = dbus.interface;

/** The interface of a daemon on the bus: its members are made of the tables of calls and signals. */
class DaemonInterface extends Interface {
  readonly endpoint: DaemonEndpoint;

  constructor(name: string, endpoint: DaemonEndpoint) {
    super(name);
    this.endpoint = endpoint;
  }

  get Running(): boolean {
    return this.endpoint.properties().Running;
  }

  get Uptime(): number {
    return this.endpoint.properties().Uptime;
  }

  get Stats(): string {
    return this.endpoint.properties().Stats;
  }
}

const members = DaemonInterface.prototype as unknown as Record<string, (this: DaemonInterface, ...args: string[]) => unknown>;
for (const name of Object.keys(CALLS)) {
  members[name] = async function (...args): Promise<string> {
    try {
      const answer = await this.endpoint.call(name, args);
      return name === 'Ping' ? String(answer) : answerText(answer);
    } catch (error) {
      const { code, message } = shownFailure(error);
      throw new dbus.DBusError(`${BUS_ERROR}${code}`, message.replaceAll('\0', '\\0'));
    }
  };
}
// The library wants one value bare and several as a list.
for (const name of Object.keys(SIGNALS)) members[name] = (...args) => (args.length === 1 ? args[0] : args);

DaemonInterface.configureMembers({
  properties: {
    Running: { signature: 'b', access: 'read' },
    Uptime: { signature: 'd', access: 'read' },
    Stats: { signature: 's', access: 'read' },
  },
  methods: Object.fromEntries(
    Object.entries(CALLS).map(([name, args]) => [name, { inSignature: 's'.repeat(args.length), outSignature: 's' }]),
  ),
  signals: Object.fromEntries(Object.entries(SIGNALS).map(([name, args]) => [name, { signature: 's'.repeat(args.length) }])),
});

/** Offers a daemon on the session bus, under its name. Where there is no bus it says so in the log. */
export function busWay(environment: Environment): WayIn {
  return async (endpoint, { log }) => {
    const { name, path } = busNameOf(endpoint.name as DaemonName);
    const bus = await connectSessionBus(environment).catch((error: unknown) => {
      log.warn({ err: error }, 'without the session bus');
      return undefined;
    });
    if (!bus) return undefined;
    bus.on('error', (error: unknown) => log.warn({ err: error, name }, 'the session bus is gone'));
    const offered = new DaemonInterface(name, endpoint);
    bus.export(path, offered);
    // Waits for its turn where another has it, such as a daemon that has lost its lease and is about to end.
    if ((await bus.requestName(name, 0)) !== dbus.RequestNameReply.PRIMARY_OWNER)
      log.warn({ name }, 'another program has this name on the session bus; until it leaves, the daemon is reached by its socket only');
    const deaf = endpoint.listen((signal: SignalName, args) => members[signal]?.apply(offered, [...args]));
    return {
      [Symbol.asyncDispose]: async () => {
        deaf();
        await bus.releaseName(name).catch(() => undefined); // the bus may be gone
        bus.disconnect();
      },
    };
  };
}
