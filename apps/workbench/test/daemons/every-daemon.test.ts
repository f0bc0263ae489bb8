import { describe, expect, onTestFinished, test } from 'vitest';
import { connectDaemon, type DaemonClient } from '../../client/daemon-client.ts';
import { systemClock } from '../../clock.ts';
import { ConfigManager } from '../../config/config-manager.ts';
import { daemonModules } from '../../daemons/daemon-modules.ts';
import type { RunningDaemon } from '../../daemons/run-daemon.ts';
import { busNameOf } from '../../dbus/bus-names.ts';
import { busWay } from '../../dbus/bus-way.ts';
import { socketWay } from '../../dbus/socket-way.ts';
import { makeLog } from '../../log.ts';
import { emptyFolder } from '../support/open-home.ts';
import { gdbusCall, openSessionBus, reasonWithoutBus, textOf } from '../support/session-bus.ts';
import { startDaemons } from '../support/start-daemons.ts';

const reason = reasonWithoutBus();

/** All daemons of a home without any outside service, on a bus of their own. */
async function everyDaemon(): Promise<{
  daemons: readonly RunningDaemon[];
  home: string;
  environment: Awaited<ReturnType<typeof openSessionBus>>;
}> {
  const environment = await openSessionBus();
  const config = ConfigManager.open({ project: emptyFolder(), environment, clock: systemClock, log: makeLog('silent') });
  const modules = daemonModules([], config);
  config.close();
  const { daemons, workbench } = await startDaemons({ modules, waysIn: [busWay(environment), socketWay(environment)] });
  return { daemons, home: workbench.home, environment };
}

async function outcome(client: DaemonClient, method: string): Promise<unknown> {
  return await client.call(method).then(
    (answer) => ({ answer }),
    (error: Error) => ({ refusal: error.message }),
  );
}

describe.skipIf(reason)(`every daemon${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('answers each of the common calls to gdbus, and works without its outside service', async () => {
    const { daemons, environment } = await everyDaemon();
    for (const { name } of daemons) {
      const bus = busNameOf(name).name;
      expect(textOf(await gdbusCall(environment, bus, 'Ping'))).toBe('pong');
      expect(JSON.parse(textOf(await gdbusCall(environment, bus, 'GetStats')))).toBeTypeOf('object');
      expect(JSON.parse(textOf(await gdbusCall(environment, bus, 'GetStatus')))).toMatchObject({ name, running: true });
      const health: unknown = JSON.parse(textOf(await gdbusCall(environment, bus, 'HealthCheck')));
      expect([name, health]).toMatchObject([name, { healthy: true, message: expect.stringMatching(/./) as string }]);
    }
  }, 60_000);

  test('answers to each of its methods the same over the bus and the socket, an answer or a refusal', async () => {
    const { daemons, home, environment } = await everyDaemon();
    for (const { name, methods } of daemons) {
      const [overBus, overSocket] = await Promise.all(
        (['dbus', 'socket'] as const).map((via) => connectDaemon({ home, daemon: name, environment, via })),
      );
      onTestFinished(() => [overBus, overSocket].forEach((client) => client?.close()));
      // What changes something may answer another thing the second time.
      const calm = methods.list().filter(({ hints, name: method }) => hints.readOnly && method !== 'health_check');
      for (const { name: method } of calm) {
        const [answer, other] = [await outcome(overBus!, method), await outcome(overSocket!, method)];
        expect([name, method, withoutTime(other)]).toEqual([name, method, withoutTime(answer)]);
      }
    }
  }, 60_000);

  test('ends when it is told to by gdbus', async () => {
    const { daemons, environment } = await everyDaemon();
    const [first] = daemons;
    expect(textOf(await gdbusCall(environment, busNameOf(first!.name).name, 'Shutdown'))).toBe('{"stopping":true}');
  }, 60_000);
});

/** Two answers are a moment apart. */
function withoutTime(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer).replaceAll(/"uptimeSeconds":\d+|\d{4}-\d\d-\d\dT[\d:.]+Z/g, (found) =>
      found.startsWith('"') ? '"uptimeSeconds":0' : '',
    ),
  );
}
