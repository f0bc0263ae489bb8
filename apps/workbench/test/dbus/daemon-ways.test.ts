import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectDaemon } from '../../client/daemon-client.ts';
import { CALLS } from '../../daemons/daemon-calls.ts';
import type { RunningDaemons } from '../../daemons/run-daemons.ts';
import { busWay } from '../../dbus/bus-way.ts';
import { busNameOf } from '../../dbus/bus-names.ts';
import { socketPath } from '../../dbus/socket-path.ts';
import { socketWay } from '../../dbus/socket-way.ts';
import { echoModule } from '../support/echo-daemon.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder } from '../support/open-home.ts';
import { gdbusCall, openSessionBus, reasonWithoutBus, textOf } from '../support/session-bus.ts';
import { startDaemons } from '../support/start-daemons.ts';

const reason = reasonWithoutBus();
const MEMORY = busNameOf('memory').name;
type Environment = Readonly<Record<string, string | undefined>>;

async function onSocket(): Promise<RunningDaemons> {
  return await startDaemons({ modules: [echoModule()], waysIn: [socketWay({})] });
}

async function onBus(): Promise<{ environment: Environment; running: RunningDaemons }> {
  const environment = await openSessionBus();
  return { environment, running: await startDaemons({ modules: [echoModule()], waysIn: [busWay(environment), socketWay(environment)] }) };
}

/** Writes lines to a daemon's socket and gives its answers, one for each that is awaited. */
function rawSocket(home: string): { readonly write: (text: string) => void; readonly answer: () => Promise<unknown> } {
  const socket = connect(socketPath(home, 'memory', {}));
  onTestFinished(() => void socket.destroy());
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  return {
    write: (text) => socket.write(text),
    answer: async () => JSON.parse((await lines.next()).value ?? 'null') as unknown,
  };
}

test('names on the bus are those that clients know', () => {
  expect((['cron', 'sprint', 'meet', 'slack', 'session', 'memory'] as const).map((name) => busNameOf(name).name)).toEqual([
    'com.aiworkflow.BotCron',
    'com.aiworkflow.BotSprint',
    'com.aiworkflow.BotMeet',
    'com.aiworkflow.BotSlack',
    'com.aiworkflow.BotSession',
    'com.aiworkflow.Memory',
  ]);
});

describe.skipIf(reason)(`a daemon on a real session bus${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('gdbus calls every member that the table has', async () => {
    const { environment, running } = await onBus();
    expect(textOf(await gdbusCall(environment, MEMORY, 'Ping'))).toBe('pong');
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'CallMethod', 'echo', '{"text": "it\'s \\"me\\""}')))).toEqual({
      text: 'it\'s "me"',
    });
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'GetStats')))).toEqual({ calls: 1 });
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'HealthCheck')))).toMatchObject({
      healthy: true,
      checks: { echo: true },
    });
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'GetStatus')))).toMatchObject({ name: 'memory', running: true });
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'Shutdown')))).toEqual({ stopping: true });
    await expect(running.ending).resolves.toContain('asked to end');
  });

  test('properties are read', async () => {
    const { environment } = await onBus();
    const all = await gdbusCall(environment, MEMORY, 'org.freedesktop.DBus.Properties.GetAll', MEMORY);
    expect(all).toMatch(/'Running': <true>/);
    expect(all).toMatch(/'Uptime': <\d\.0>/);
    expect(all).toContain(`'Stats': <'{"calls":0}'>`);
  });

  test('it says of itself what it has', async () => {
    const { environment } = await onBus();
    const xml = await gdbusCall(environment, MEMORY, 'org.freedesktop.DBus.Introspectable.Introspect');
    for (const name of [...Object.keys(CALLS), 'StatusChanged', 'Event', 'Running', 'Uptime', 'Stats'])
      expect(xml).toContain(`name="${name}"`);
  });

  test('an error has the code as its name and says what to do', async () => {
    const { environment } = await onBus();
    await expect(gdbusCall(environment, MEMORY, 'CallMethod', 'nothing', '{}')).rejects.toThrow(
      /com\.aiworkflow\.Error\.NOT_FOUND.*there are .*echo/s,
    );
    await expect(gdbusCall(environment, MEMORY, 'Nothing')).rejects.toThrow('UnknownMethod');
  });

  test('signals are seen by gdbus', async () => {
    const { environment, running } = await onBus();
    const monitor = spawn('gdbus', ['monitor', '--session', '--dest', MEMORY], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void monitor.kill());
    const seen: string[] = [];
    createInterface(monitor.stdout).on('line', (line) => seen.push(line));
    await vi.waitFor(() => expect(seen.join('\n')).toContain('is owned by'), 5_000);
    // A monitor begins to listen some time after it says so.
    await vi.waitFor(async () => {
      await running.daemons[0]?.call('CallMethod', ['echo', '{"text": "hi"}']);
      expect(seen.join('\n')).toContain(`${MEMORY}.Event ('echoed', '{"text":"hi"}')`);
    }, 10_000);
    await running.close();
    await vi.waitFor(() => expect(seen.join('\n')).toMatch(/StatusChanged \('\{"name":"memory","running":false/), 5_000);
  });

  test('bus and socket give the same answers and signals', async () => {
    const { environment, running } = await onBus();
    const { home } = running.workbench;
    const clients = await Promise.all(
      (['dbus', 'socket'] as const).map((via) => connectDaemon({ home, daemon: 'memory', environment, via })),
    );
    onTestFinished(() => clients.forEach((client) => client.close()));
    expect(clients.map(({ via }) => via)).toEqual(['dbus', 'socket']);
    const heard: unknown[][] = [[], []];
    await Promise.all(clients.map((client, index) => client.listen((signal, args) => void heard[index]?.push([signal, ...args]))));
    for (const [method, input] of [['Ping'], ['GetStats'], ['HealthCheck'], ['echo', { text: 'hi' }], ['get_status']] as const) {
      const [overBus, overSocket] = await Promise.all(clients.map((client) => client.call(method, input)));
      expect(overSocket).toEqual(overBus);
    }
    for (const [method, input] of [['nothing'], ['echo', { text: 7 }]] as const) {
      const refusals = await Promise.all(clients.map((client) => client.call(method, input).catch((error: unknown) => error)));
      expect(refusals[0]).toBeInstanceOf(Error);
      expect(refusals[1]).toEqual(refusals[0]);
    }
    await vi.waitFor(() => expect(heard[0]).toEqual(expect.arrayContaining([['Event', 'echoed', '{"text":"hi"}']])));
    expect(heard[1]).toEqual(heard[0]);
  });

  test('a name that another program has leaves the daemon with its socket, until that program leaves', async () => {
    const { environment, running } = await onBus();
    const { workbench } = await startDaemons({ modules: [echoModule()], waysIn: [busWay(environment), socketWay(environment)] });
    const { home } = workbench;
    using client = await connectDaemon({ home, daemon: 'memory', environment, via: 'socket' });
    await expect(client.call('get_status')).resolves.toMatchObject({ home });
    await running.close();
    expect(JSON.parse(textOf(await gdbusCall(environment, MEMORY, 'GetStatus')))).toMatchObject({ home });
  });
});

test('a daemon that lost its lease ends without taking the socket of the next one with it', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const first = await startDaemons({ modules: [echoModule()], waysIn: [socketWay({})], clock });
  const { home } = first.workbench;
  clock.sleep(3_600_000);
  await startDaemons({ home, modules: [echoModule()], waysIn: [socketWay({})], clock });
  await first.close();
  using client = await connectDaemon({ home, daemon: 'memory', environment: {} });
  await expect(client.call('Ping')).resolves.toBe('pong');
});

test('what is left of a socket whose process died is in nobody’s way, and an ended daemon leaves none', async () => {
  const home = join(emptyFolder(), 'home');
  const path = socketPath(home, 'memory', {});
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  const running = await startDaemons({ home, modules: [echoModule()], waysIn: [socketWay({})] });
  using client = await connectDaemon({ home, daemon: 'memory', environment: {} });
  await expect(client.call('Ping')).resolves.toBe('pong');
  await running.close();
  expect(readdirSync(dirname(path))).toEqual([]);
});

test('without a bus a daemon runs all the same', async () => {
  for (const environment of [{}, { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' }]) {
    const { workbench } = await startDaemons({ modules: [echoModule()], waysIn: [busWay(environment), socketWay(environment)] });
    using client = await connectDaemon({ home: workbench.home, daemon: 'memory', environment });
    expect(client.via).toBe('socket');
    await expect(client.call('Ping')).resolves.toBe('pong');
  }
});

test('the socket is for its owner only', async () => {
  const { workbench } = await onSocket();
  const path = socketPath(workbench.home, 'memory', {});
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
});

test('a home whose path is too long for a socket has it in the runtime directory', async () => {
  const [runtime, home] = [emptyFolder(), join(emptyFolder(), 'x'.repeat(100))];
  expect(socketPath(home, 'memory', { XDG_RUNTIME_DIR: runtime })).toMatch(new RegExp(`^${runtime}/aa-workflow-[0-9a-f]{16}/memory.sock$`));
  const environment = { XDG_RUNTIME_DIR: runtime };
  await startDaemons({ home, modules: [echoModule()], waysIn: [socketWay(environment)] });
  using client = await connectDaemon({ home, daemon: 'memory', environment });
  await expect(client.call('Ping')).resolves.toBe('pong');
});

test('JSON-RPC 2.0 is spoken on the socket, a message a line', async () => {
  const { workbench } = await onSocket();
  const { write, answer } = rawSocket(workbench.home);
  write('{"jsonrpc":"2.0","id":1,"method":"CallMethod","params":{"name":"echo","argsJson":"{\\"text\\":\\"hi\\"}"}}\n');
  await expect(answer()).resolves.toEqual({ jsonrpc: '2.0', id: 1, result: { text: 'hi' } });
  write('{"jsonrpc":"2.0","method":"Ping"}\n{"jsonrpc":"2.0","id":"a","method":"Properties"}\n');
  await expect(answer()).resolves.toMatchObject({ id: 'a', result: { Running: true } });
});

test.each([
  ['no json', null, -32_700],
  ['{"id":1,"method":"Ping"}', null, -32_600],
  ['[{"jsonrpc":"2.0","id":1,"method":"Ping"}]', null, -32_600],
  ['{"jsonrpc":"2.0","id":1,"method":"toString"}', 1, -32_601],
  ['{"jsonrpc":"2.0","id":1,"method":"Ping","params":["more"]}', 1, -32_602],
  ['{"jsonrpc":"2.0","id":1,"method":"Ping","params":{"more":"x"}}', 1, -32_602],
])('%s is answered with an error, and the connection goes on', async (line, id, code) => {
  const { workbench } = await onSocket();
  const { write, answer } = rawSocket(workbench.home);
  write(`${line}\n`);
  await expect(answer()).resolves.toMatchObject({ id, error: { code } });
  write('{"jsonrpc":"2.0","id":9,"method":"Ping"}\n');
  await expect(answer()).resolves.toMatchObject({ id: 9, result: 'pong' });
});

test('a line without end closes its connection, and not the others', async () => {
  const { workbench } = await onSocket();
  const flood = rawSocket(workbench.home);
  flood.write('x'.repeat(3_000_000));
  await expect(flood.answer().catch(() => null)).resolves.toBeNull(); // reset or ended, as the machine has it
  using client = await connectDaemon({ home: workbench.home, daemon: 'memory', environment: {} });
  await expect(client.call('Ping')).resolves.toBe('pong');
});

test('a hundred calls at once are answered each', async () => {
  const { workbench } = await onSocket();
  using client = await connectDaemon({ home: workbench.home, daemon: 'memory', environment: {} });
  const texts = Array.from({ length: 100 }, (_none, index) => ({ text: `${index} ü` }));
  await expect(Promise.all(texts.map((input) => client.call('echo', input)))).resolves.toEqual(texts);
});

test('a daemon that does not run is said not to, with what to do', async () => {
  await expect(connectDaemon({ home: emptyFolder(), daemon: 'cron', environment: {} })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('holdfast-workbench start cron') as string,
  });
});

test('a call is told when its daemon ends before it answered', async () => {
  const module = echoModule();
  const running = await startDaemons({ modules: [module], waysIn: [socketWay({})] });
  using client = await connectDaemon({ home: running.workbench.home, daemon: 'memory', environment: {} });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  module.daemons[0]!.check = async () => {
    resolve();
    return await Promise.withResolvers<never>().promise;
  };
  const call = client.call('HealthCheck');
  await asked;
  void running.close();
  await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('has ended') as string });
});
