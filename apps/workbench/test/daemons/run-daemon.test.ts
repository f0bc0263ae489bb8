import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { echoModule } from '../support/echo-daemon.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder } from '../support/open-home.ts';
import { runChild } from '../support/run-child.ts';
import { startDaemons } from '../support/start-daemons.ts';

test('a daemon tells how it is and what it can do', async () => {
  const { daemons } = await startDaemons({ modules: [echoModule()] });
  const [daemon] = daemons;
  await expect(daemon?.call('Ping', [])).resolves.toBe('pong');
  await daemon?.call('CallMethod', ['echo', '{"text": "hi"}']);
  await expect(daemon?.call('GetStats', [])).resolves.toEqual({ calls: 1 });
  await expect(daemon?.call('GetStatus', [])).resolves.toMatchObject({
    name: 'memory',
    running: true,
    pid: process.pid,
    methods: expect.arrayContaining(['echo', 'get_status']) as string[],
  });
});

test('several daemons run in one process', async () => {
  const { daemons } = await startDaemons({ modules: [echoModule('memory'), echoModule('cron')] });
  expect(daemons.map(({ name }) => name)).toEqual(['memory', 'cron']);
});

test.each([
  ['Nothing', [], 'NOT_FOUND'],
  ['constructor', [], 'NOT_FOUND'],
  ['Ping', ['more'], 'INVALID_INPUT'],
  ['CallMethod', ['echo'], 'INVALID_INPUT'],
  ['CallMethod', ['echo', 'no json'], 'INVALID_INPUT'],
  ['CallMethod', ['echo', `"${'x'.repeat(1_048_577)}"`], 'INVALID_INPUT'],
  ['CallMethod', ['echo', '{}'], 'INVALID_INPUT'],
  ['CallMethod', ['nothing', '{}'], 'NOT_FOUND'],
])('%s with arguments that do not fit is refused (%#)', async (name, args, code) => {
  const { daemons } = await startDaemons({ modules: [echoModule()] });
  await expect(daemons[0]?.call(name, args)).rejects.toMatchObject({ code });
});

test('a second start is refused and says who runs', async () => {
  const { workbench } = await startDaemons({ modules: [echoModule()] });
  const child = runChild('programs/run-echo-daemon.ts', [workbench.home, '10000']);
  await expect(child.line()).resolves.toMatch(new RegExp(`runs already: process ${process.pid} .*\`holdfast-workbench stop memory\``));
});

test('when one of several runs already, none of them is started', async () => {
  const { workbench } = await startDaemons({ modules: [echoModule('cron')] });
  const module = echoModule('memory');
  await expect(startDaemons({ home: workbench.home, modules: [module, echoModule('cron')] })).rejects.toMatchObject({ code: 'REFUSED' });
  expect(module.daemons).toEqual([]);
});

test('of two that start at the same time one is refused, and leaves nothing', async () => {
  const home = join(emptyFolder(), 'home');
  const starts = await Promise.allSettled([1, 2].map(() => startDaemons({ home, modules: [echoModule('memory'), echoModule('cron')] })));
  expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [running] = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  await running?.close();
  await expect(startDaemons({ home, modules: [echoModule('memory'), echoModule('cron')] })).resolves.toBeDefined();
});

test('after kill -9 the next start takes over as soon as the lease is over', async () => {
  const home = join(emptyFolder(), 'home');
  const first = runChild('programs/run-echo-daemon.ts', [home, '1500']);
  await expect(first.line()).resolves.toBe('running');
  await first.kill('SIGKILL');
  const second = runChild('programs/run-echo-daemon.ts', [home, '1500']);
  await expect(second.line()).resolves.toBe('running');
});

test('on SIGTERM a daemon ends in order, and the next one starts at once', async () => {
  const home = join(emptyFolder(), 'home');
  const first = runChild('programs/run-echo-daemon.ts', [home, '600000']);
  await expect(first.line()).resolves.toBe('running');
  await first.kill('SIGTERM');
  await expect(first.line()).resolves.toBe('ended');
  await expect(startDaemons({ home, modules: [echoModule()] })).resolves.toBeDefined();
});

test('a daemon whose lease passed to another process ends, and writes nothing under it', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const module = echoModule();
  const first = await startDaemons({ modules: [module], clock });
  clock.sleep(3_600_000);
  await startDaemons({ home: first.workbench.home, modules: [echoModule()], clock });
  const stale = module.daemons[0]!.context.lease();
  await clock.advance(10_000);
  await expect(first.ending).resolves.toContain('lost its lease');
  const { toggles } = first.workbench;
  await expect(toggles.set('jobs', 'x', true, { lease: stale } as object)).rejects.toMatchObject({ code: 'STALE_LEASE' });
});

test('a daemon that slept takes its lease anew when nobody else did', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const module = echoModule();
  const { daemons } = await startDaemons({ modules: [module], clock });
  const before = module.daemons[0]!.context.lease().token;
  clock.sleep(3_600_000);
  await clock.advance(10_000);
  await vi.waitFor(() => expect(module.daemons[0]!.context.lease().token).toBeGreaterThan(before));
  expect(module.daemons[0]!.asleep).toEqual([3_590_000]);
  expect(daemons[0]?.properties()).toMatchObject({ Running: true, Uptime: 3_610 });
});

test('a clock that goes on as it should is no sleep', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const module = echoModule();
  await startDaemons({ modules: [module], clock, leaseMs: 600_000 });
  await clock.advance(300_000);
  expect(module.daemons[0]!.asleep).toEqual([]);
});

test('one failed check is degraded, three in a row are unhealthy, one that holds is healthy again', async () => {
  const module = echoModule();
  const { daemons } = await startDaemons({ modules: [module] });
  const levels: unknown[] = [];
  daemons[0]!.listen((signal, [json = '']) => signal === 'StatusChanged' && levels.push((JSON.parse(json) as { health: object }).health));
  module.daemons[0]!.self = { checks: { jira: false }, message: 'Jira does not answer' };
  const looks = [];
  for (let look = 0; look < 3; look += 1) looks.push(await daemons[0]!.call('HealthCheck', []));
  expect(looks).toMatchObject([
    { healthy: false, level: 'degraded', consecutiveFailures: 1, checks: { jira: false }, message: 'Jira does not answer' },
    { level: 'degraded', consecutiveFailures: 2 },
    { level: 'unhealthy', consecutiveFailures: 3 },
  ]);
  module.daemons[0]!.self = { checks: { jira: true }, message: 'all is well' };
  await expect(daemons[0]!.call('HealthCheck', [])).resolves.toMatchObject({ healthy: true, consecutiveFailures: 0 });
  expect(levels).toMatchObject([{ level: 'degraded' }, { level: 'unhealthy' }, { level: 'healthy' }]);
});

test('health is looked at without being asked for', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const module = echoModule();
  const { daemons } = await startDaemons({ modules: [module], clock, leaseMs: 600_000 });
  module.daemons[0]!.check = () => Promise.reject(new Error('broken'));
  await clock.advance(60_000);
  expect(daemons[0]!.status().health).toMatchObject({ level: 'degraded', message: expect.stringContaining('broken') as string });
});

test('Shutdown answers, and then ends the daemon', async () => {
  const module = echoModule();
  const running = await startDaemons({ modules: [module] });
  await expect(running.daemons[0]?.call('Shutdown', [])).resolves.toEqual({ stopping: true });
  await expect(running.ending).resolves.toContain('asked to end');
  await running.close();
  expect(module.daemons[0]?.isStopped).toBe(true);
  expect(running.daemons[0]?.properties().Running).toBe(false);
});

test('a daemon that cannot start leaves its lease', async () => {
  const home = join(emptyFolder(), 'home');
  const broken = { name: 'memory', create: () => Promise.reject(new Error('no memory')) } as const;
  await expect(startDaemons({ home, modules: [broken] })).rejects.toThrow('no memory');
  await expect(startDaemons({ home, modules: [echoModule()] })).resolves.toBeDefined();
});
