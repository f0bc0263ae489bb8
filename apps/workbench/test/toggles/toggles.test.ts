import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { MethodTable } from '../../methods/method-table.ts';
import type { Toggles } from '../../toggles/toggles.ts';
import { toggleMethods } from '../../toggles/toggle-methods.ts';
import { togglesState } from '../../toggles/toggles-state.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

/** The toggles of a home whose state.json was there before. */
async function togglesOf(stateJson: unknown): Promise<Toggles> {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'state.json'), typeof stateJson === 'string' ? stateJson : JSON.stringify(stateJson));
  return (await openHome({ home })).toggles;
}

function fileOf(home: string): unknown {
  return JSON.parse(readFileSync(join(home, 'state.json'), 'utf8'));
}

test('a service is as it was switched, also for another process', async () => {
  const { home, toggles } = await openHome();
  const { toggles: others } = await openHome({ home });
  await toggles.setServiceEnabled('scheduler', true);
  await vi.waitFor(() => expect(others.isServiceEnabled('scheduler')).toBe(true));
  await others.setServiceEnabled('scheduler', false);
  await vi.waitFor(() => expect(toggles.isServiceEnabled('scheduler')).toBe(false));
});

test.each([
  ['scheduler', { schedules: { enabled: true } }],
  ['sprint_bot', { sprint: { enabled: true } }],
  ['google_calendar', { google_calendar: { enabled: true } }],
  ['gmail', { gmail: { enabled: true } }],
])('%s is as the configuration says until it is switched', async (service, config) => {
  const project = emptyFolder();
  writeFileSync(join(project, 'config.json'), JSON.stringify(config));
  const { toggles } = await openHome({ project });
  expect(toggles.isServiceEnabled(service)).toBe(true);
  await toggles.setServiceEnabled(service, false);
  expect(toggles.isServiceEnabled(service)).toBe(false);
});

test('an unknown service is off, an unknown job is on', async () => {
  const { toggles } = await openHome();
  expect(toggles.isServiceEnabled('scheduler')).toBe(false);
  expect(toggles.isServiceEnabled('never heard of')).toBe(false);
  expect(toggles.isJobEnabled('never heard of')).toBe(true);
  await toggles.setJobEnabled('standup', false);
  expect(toggles.isJobEnabled('standup')).toBe(false);
});

test('bare booleans of older files are read, and a bare false means off', async () => {
  const toggles = await togglesOf({
    version: 1,
    services: { scheduler: true, gmail: false },
    jobs: { standup: false, coffee: { enabled: true } },
    last_updated: '2026-01-05T09:00:00',
  });
  expect([toggles.isServiceEnabled('scheduler'), toggles.isServiceEnabled('gmail')]).toEqual([true, false]);
  expect([toggles.isJobEnabled('standup'), toggles.isJobEnabled('coffee')]).toEqual([false, true]);
  expect(toggles.get('version')).toBe(1);
});

test('overrides of older files, in epoch seconds, are read with times that have a zone', async () => {
  const toggles = await togglesOf({ meetings: { overrides: { 'abc-defg': { status: 'skip', timestamp: 1_767_600_000.5 } } } });
  expect(toggles.getMeetingOverride('abc-defg')).toEqual({ status: 'skip', reason: '', timestamp: '2026-01-05T08:00:00.500Z' });
});

test('a meeting may be called overrides, and a status of another program decides nothing', async () => {
  const toggles = await togglesOf({
    meetings: { overrides: { status: 'join', timestamp: 0 }, late: { status: 'tentative', timestamp: 0 } },
  });
  expect(toggles.getMeetingOverride('overrides')?.status).toBe('join');
  expect(toggles.getMeetingOverride('late')).toBeUndefined();
});

test('a bare false that a person writes into the file switches off', async () => {
  const { home, toggles } = await openHome();
  await toggles.setServiceEnabled('scheduler', true);
  await toggles.flush();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ ...(fileOf(home) as object), services: { scheduler: false } }));
  await vi.waitFor(() => expect(toggles.isServiceEnabled('scheduler')).toBe(false), 5_000);
});

test('a damaged file is reported, and neither taken as empty nor written over', async () => {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'state.json'), '{"services": {"gmail": ');
  const reports: string[] = [];
  const { toggles } = await openHome({ home, onReport: ({ kind }) => void reports.push(kind) });
  await toggles.flush();
  expect(reports).toContain('damaged');
  expect(readFileSync(join(home, 'state.json'), 'utf8')).toBe('{"services": {"gmail": ');
});

test('a decision about a meeting is in the file at once, with its time', async () => {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const { home, toggles } = await openHome({ clock, renderAfterMs: 3_600_000 });
  await toggles.setMeetingOverride('abc', { status: 'skip', reason: 'holiday' });
  expect(fileOf(home)).toMatchObject({ meetings: { abc: { status: 'skip', reason: 'holiday', timestamp: '2026-03-02T14:00:00.000Z' } } });
  await toggles.clearMeetingOverride('abc');
  expect(fileOf(home)).toMatchObject({ meetings: {} });
  expect(toggles.getMeetingOverride('abc')).toBeUndefined();
});

test('switching keeps what another program keeps beside a switch', async () => {
  const toggles = await togglesOf({ services: { gmail: { enabled: true, since: 'may' } } });
  await toggles.setServiceEnabled('gmail', false);
  expect(toggles.get('services', 'gmail')).toEqual({ enabled: false, since: 'may' });
});

test('any section has keys of its own', async () => {
  const { toggles } = await openHome();
  await toggles.set('theme', 'dark', true);
  expect(toggles.get('theme', 'dark')).toBe(true);
  expect(toggles.get('theme')).toEqual({ dark: true });
  await expect(toggles.set('services', 'gmail', 'often')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  expect(toggles.isServiceEnabled('gmail')).toBe(false);
});

test.each(['', '__proto__', 'x'.repeat(257)])('%j is no name, and nothing is changed', async (name) => {
  const { toggles } = await openHome();
  await expect(toggles.setServiceEnabled(name, true)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(toggles.set(name, 'key', {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(toggles.getState()).toEqual({ services: {}, jobs: {}, meetings: {} });
});

test('names of what every object has are names like others', async () => {
  const { toggles } = await openHome();
  expect(toggles.isJobEnabled('constructor')).toBe(true);
  expect(toggles.get('toString')).toBeUndefined();
  await toggles.setJobEnabled('constructor', false);
  expect(toggles.isJobEnabled('constructor')).toBe(false);
});

test('subscribers hear of every change, whoever made it', async () => {
  const { home, toggles } = await openHome();
  const heard = vi.fn<(news: unknown) => void>();
  toggles.subscribe(({ services }) => heard(services));
  const { toggles: others } = await openHome({ home });
  await others.setServiceEnabled('gmail', true);
  await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith({ gmail: { enabled: true } }));
});

test('clients switch and read by methods', async () => {
  const { toggles } = await openHome();
  const methods = new MethodTable(toggleMethods(toggles));
  await expect(methods.call('toggles_set_service', { name: 'gmail', enabled: true })).resolves.toEqual({ name: 'gmail', enabled: true });
  await expect(methods.call('toggles_set_job', { name: 'standup', enabled: false })).resolves.toEqual({ name: 'standup', enabled: false });
  await methods.call('toggles_set_meeting', { id: 'abc', status: 'join', reason: 'mine' });
  await expect(methods.call('toggles_get', { section: 'meetings', key: 'abc' })).resolves.toMatchObject({ status: 'join' });
  await expect(methods.call('toggles_set_meeting', { id: 'abc' })).resolves.toEqual({ id: 'abc', override: null });
});

test('while state.json is damaged what was good is shown and nothing is changed, until it is repaired', async () => {
  const { home, state, toggles } = await openHome();
  await toggles.setServiceEnabled('slack', true);
  await toggles.flush();
  const good = readFileSync(join(home, 'state.json'));
  writeFileSync(join(home, 'state.json'), '{ "services": ');
  await state.global().get(togglesState);
  expect(toggles.isServiceEnabled('slack')).toBe(true);
  await expect(toggles.setServiceEnabled('slack', false)).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(toggles.setMeetingOverride('m1', { status: 'skip', reason: '' })).rejects.toMatchObject({ code: 'REFUSED' });
  writeFileSync(join(home, 'state.json'), good);
  await state.global().get(togglesState);
  await toggles.setServiceEnabled('slack', false);
  expect(toggles.isServiceEnabled('slack')).toBe(false);
});
