import { expect, test, vi } from 'vitest';
import { Overview, type OverviewOptions } from '../../client/overview.ts';
import type { ServiceView } from '../../client/views.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ScriptedOverview } from '../support/scripted-overview.ts';

const GMAIL: ServiceView = { name: 'gmail', isEnabled: true, isSwitched: false };
const newClock = (): ManualClock => new ManualClock('2026-03-02T09:00:00Z');

test('a source that fails says why in its place, and the others are there', async () => {
  const scripted = new ScriptedOverview({ services: [GMAIL], sprint: new Error('sprint_state_v2.json is damaged at line 3.') });
  const { sprint, services } = await scripted.overview.refresh();
  expect(sprint).toEqual({ status: 'failed', value: null, readAt: null, reason: 'sprint_state_v2.json is damaged at line 3.' });
  expect(services).toMatchObject({ status: 'ok', value: [GMAIL], reason: null });
});

test('what a source said last stays while it fails, with its time', async () => {
  const clock = newClock();
  const scripted = new ScriptedOverview({ services: [GMAIL] }, clock);
  await scripted.overview.refresh();
  await clock.advance(1_000);
  scripted.say('services', new Error('gone'));
  const { services } = await scripted.overview.refresh();
  expect(services).toEqual({ status: 'failed', value: [GMAIL], readAt: '2026-03-02T09:00:00.000Z', reason: 'gone' });
});

test('a change is told with its part; the same again is not', async () => {
  const clock = newClock();
  const scripted = new ScriptedOverview({}, clock);
  await scripted.overview.refresh();
  const listener = vi.fn<(now: unknown, changed: string) => void>();
  scripted.overview.subscribe(listener);
  scripted.say('services', [GMAIL]);
  await clock.advance(100);
  scripted.say('services', [{ ...GMAIL }]);
  await clock.advance(100);
  expect(listener.mock.calls.map(([, changed]) => changed)).toEqual(['services']);
});

test('what nobody tells of is found out every 30 s, or as often as is wished from 5 to 300', async () => {
  expect(await Promise.all([readings(), readings(60), readings(1), readings(9_999), readings(Number.NaN)])).toEqual([20, 10, 120, 2, 20]);
});

test('a source that does not answer has failed, holds up no other, and may come back', async () => {
  const clock = newClock();
  const answer = Promise.withResolvers<readonly ServiceView[]>();
  const read = vi.fn<() => Promise<readonly ServiceView[]>>(() => answer.promise);
  const sources = { services: { read }, health: { read: () => [] } } as unknown as OverviewOptions['sources'];
  const overview = new Overview({ sources, clock });
  await clock.advance(10_000);
  expect(overview.current.health.status).toBe('ok');
  expect(overview.current.services).toMatchObject({ status: 'failed', reason: expect.stringContaining('within 10 s') as string });
  answer.resolve([GMAIL]);
  await clock.advance(30_000);
  expect(overview.current.services).toMatchObject({ status: 'ok', value: [GMAIL] });
  overview.close();
});

test('a source that cannot be followed is read all the same', async () => {
  const sources = { services: { read: () => [GMAIL], subscribe: refuseToFollow } } as unknown as OverviewOptions['sources'];
  const overview = new Overview({ sources, clock: newClock() });
  expect((await overview.refresh()).services).toMatchObject({ status: 'ok', value: [GMAIL] });
  overview.close();
});

/** How often a source was read in ten minutes, besides at the start. */
async function readings(refreshSeconds?: number): Promise<number> {
  const clock = newClock();
  const read = vi.fn<() => []>(() => []);
  const sources = { services: { read } } as unknown as OverviewOptions['sources'];
  const overview = new Overview({ sources, clock, ...(refreshSeconds !== undefined && { refreshSeconds }) });
  await clock.advance(600_000);
  overview.close();
  await clock.advance(600_000);
  return read.mock.calls.length - 1;
}

function refuseToFollow(): never {
  throw new Error('no watches are left');
}
