import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Calendar, CalendarEvent } from '../../../daemons/meet/calendar.ts';
import { MeetDaemon, type MeetDaemonOptions } from '../../../daemons/meet/meet-daemon.ts';
import { meetState } from '../../../daemons/meet/meet-state.ts';
import { meetModule } from '../../../daemons/meet/meet-module.ts';
import { ServiceError } from '../../../daemons/service-error.ts';
import type { Workbench } from '../../../open-workbench.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { openHome } from '../../support/open-home.ts';
import { until } from '../../support/until.ts';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const NOW = '2026-03-02T09:00:00-05:00';

/** A calendar that says what it is told to. */
class FakeCalendar implements Calendar {
  readonly name: string;
  readonly mode = 'notes';
  answer: readonly CalendarEvent[] | ServiceError = [];

  constructor(name: string, ...events: readonly CalendarEvent[]) {
    this.name = name;
    this.answer = events;
  }

  events(): Promise<readonly CalendarEvent[]> {
    return this.answer instanceof ServiceError ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }
}

function event(id: string, inMs: number, more: Partial<CalendarEvent> = {}): CalendarEvent {
  const start = Date.parse(NOW) + inMs;
  return { id, series: id, title: id, start, end: start + HOUR, isAllDay: false, url: null, organizer: null, ...more };
}

async function run(workbench: Workbench, calendars: readonly Calendar[], more: Partial<MeetDaemonOptions> = {}) {
  const { state, store, clock, log, toggles, home } = workbench;
  const events: object[] = [];
  const meet = await state.global().get(meetState);
  await toggles.setMeetingOverride('nobody', { status: 'skip', reason: '' });
  const lease = await state.global().lease('daemon:meet', { holder: 'test', ttlMs: 1e9 });
  const emit = (type: string, data: object): void => void events.push({ type, ...data });
  const transcripts = join(home, 'meetings.db');
  const daemon = new MeetDaemon({ state, store, clock, log, emit, lease: () => lease, toggles, calendars, transcripts, ...more });
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await lease.release();
  };
  onTestFinished(() => daemon.stop());
  await daemon.start();
  const call = (name: string, input: object = {}): Promise<unknown> => daemon.methods.call(name, input);
  return { daemon, stop, meet, call, events, toggles };
}

async function scene(...calendars: readonly Calendar[]) {
  const clock = new ManualClock(NOW);
  const workbench = await openHome({ clock });
  const running = await run(workbench, calendars);
  if (calendars.length > 0) await running.call('refresh').catch(() => undefined);
  return { ...running, clock, workbench };
}

test('meetings that are on and that come are shown, with the time until the next one', async () => {
  const { call, meet } = await scene(
    new FakeCalendar('Work', event('later', 90 * MINUTE), event('on', -10 * MINUTE), event('soon', 5 * MINUTE + 1)),
  );
  await expect(call('list_meetings')).resolves.toMatchObject({
    currentMeetings: [{ event_id: 'on', calendar: 'Work', mode: 'notes', start: '2026-03-02T13:50:00.000Z' }],
    upcomingMeetings: [{ event_id: 'soon' }, { event_id: 'later' }],
    nextMeeting: { event_id: 'soon' },
    countdown: '5m',
  });
  expect(meet.current).toMatchObject({
    schedulerRunning: true,
    monitoredCalendars: ['Work'],
    lastPoll: '2026-03-02T14:00:00.000Z',
    countdown: '5m',
  });
});

test('as time passes the countdown goes on, and a meeting that begins is told of once', async () => {
  const { meet, events, clock } = await scene(new FakeCalendar('Work', event('soon', 72 * SECOND), event('later', 3 * HOUR)));
  expect(meet.current.countdown).toBe('1m');
  await clock.advance(30 * SECOND);
  await until(meet, ({ countdown }) => countdown === '42s');
  await clock.advance(60 * SECOND);
  await until(meet, ({ nextMeeting }) => nextMeeting?.event_id === 'later');
  await clock.advance(60 * SECOND);
  expect(events).toMatchObject([{ type: 'meeting_started', event_id: 'soon' }]);
});

test('a skipped meeting is shown as skipped and is not the next one', async () => {
  const { call, toggles } = await scene(new FakeCalendar('Work', event('soon', MINUTE), event('later', HOUR)));
  await call('skip_meeting', { event_id: 'soon', reason: 'focus' });
  await expect(call('list_meetings')).resolves.toMatchObject({
    upcomingMeetings: [{ mode: 'skip' }, { mode: 'notes' }],
    nextMeeting: { event_id: 'later' },
  });
  expect(toggles.getMeetingOverride('soon')).toMatchObject({ status: 'skip', reason: 'focus' });
  await call('clear_meeting', { event_id: 'soon' });
  await expect(call('list_meetings')).resolves.toMatchObject({ nextMeeting: { event_id: 'soon', mode: 'notes' } });
});

test('an override that somebody set in the toggles decides, for an occurrence before its series', async () => {
  const calendar = new FakeCalendar('Work', event('a_1', MINUTE, { series: 'a' }), event('a_2', HOUR, { series: 'a' }));
  const { meet, clock, toggles } = await scene(calendar);
  await toggles.setMeetingOverride('a', { status: 'skip', reason: '' });
  await toggles.setMeetingOverride('a_2', { status: 'join', reason: '' });
  await clock.advance(30 * SECOND);
  const { upcomingMeetings } = await until(meet, ({ nextMeeting }) => nextMeeting?.event_id === 'a_2');
  expect(upcomingMeetings.map(({ mode }) => mode)).toEqual(['skip', 'notes']);
});

test('a mode is chosen for a meeting or a series, and lasts', async () => {
  const calendar = new FakeCalendar('Work', event('a_1', MINUTE, { series: 'a' }));
  const { call, workbench, stop } = await scene(calendar);
  await call('set_meeting_mode', { event_id: 'a', mode: 'interactive' });
  await stop();
  const again = await run(workbench, [calendar]);
  await again.call('refresh');
  await expect(again.call('list_meetings')).resolves.toMatchObject({ nextMeeting: { event_id: 'a_1', mode: 'interactive' } });
});

test('all-day events are shown and are no meeting to go to, unless somebody says so', async () => {
  const { call } = await scene(new FakeCalendar('Work', event('day', HOUR, { isAllDay: true }), event('later', 2 * HOUR)));
  await expect(call('list_meetings')).resolves.toMatchObject({
    upcomingMeetings: [{ event_id: 'day', mode: 'skip', all_day: true }, {}],
    nextMeeting: { event_id: 'later' },
  });
  await call('approve_meeting', { event_id: 'day' });
  await expect(call('list_meetings')).resolves.toMatchObject({ nextMeeting: { event_id: 'day', mode: 'notes' } });
});

test('a calendar that is away hides no other one, and what it said last stays', async () => {
  const [work, home] = [new FakeCalendar('Work', event('work', HOUR)), new FakeCalendar('Home', event('home', 2 * HOUR))];
  const { call, daemon } = await scene(work, home);
  work.answer = new ServiceError('away', 'The calendar Work cannot be reached.');
  home.answer = [event('home, moved', 3 * HOUR)];
  await expect(call('refresh')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('Work') as string });
  await expect(call('list_meetings')).resolves.toMatchObject({ upcomingMeetings: [{ event_id: 'work' }, { event_id: 'home, moved' }] });
  await expect(daemon.check()).resolves.toMatchObject({
    checks: { 'calendar Work': false, 'calendar Home': true, transcripts: true },
    message: expect.stringContaining('cannot be reached') as string,
  });
});

test('after a restart, meetings of a calendar that is away are still shown', async () => {
  const calendar = new FakeCalendar('Work', event('later', HOUR));
  const { workbench, stop } = await scene(calendar);
  await stop();
  calendar.answer = new ServiceError('away', 'The calendar Work cannot be reached.');
  const { call, meet } = await run(workbench, [calendar]);
  await call('refresh').catch(() => undefined);
  expect(meet.current.nextMeeting).toMatchObject({ event_id: 'later' });
});

test('a daemon that stops says that it does not run', async () => {
  const { daemon, meet } = await scene(new FakeCalendar('Work'));
  await daemon.stop();
  expect(meet.current.schedulerRunning).toBe(false);
});

test('decisions about meetings that there are not are refused', async () => {
  const { call } = await scene(new FakeCalendar('Work', event('__proto__', HOUR)));
  await expect(call('skip_meeting', { event_id: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call('skip_meeting', { event_id: '__proto__' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('without calendars and a bot it works, and says so', async () => {
  const { daemon, call } = await scene();
  await expect(daemon.check()).resolves.toEqual({
    checks: { file: true, transcripts: true },
    message: 'No calendar is configured. There is no bot here that joins meetings.',
  });
  await expect(call('join_meeting', { url: 'https://meet.google.com/abc-defg-hij' })).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(call('leave_meeting')).rejects.toMatchObject({ code: 'REFUSED' });
});

test('a bot is sent to a meeting where there is one', async () => {
  const joined: object[] = [];
  const bot = { join: (meeting: object) => Promise.resolve(void joined.push(meeting)), leave: () => Promise.resolve() };
  const { call } = await run(await openHome({ clock: new ManualClock(NOW) }), [], { bot });
  await call('join_meeting', { url: 'https://meet.google.com/abc-defg-hij', mode: 'interactive' });
  expect(joined).toEqual([{ url: 'https://meet.google.com/abc-defg-hij', title: '', mode: 'interactive' }]);
  await expect(call('join_meeting', { url: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a damaged meetings.db stays as it is, and everything else works', async () => {
  const workbench = await openHome({ clock: new ManualClock(NOW) });
  writeFileSync(join(workbench.home, 'meetings.db'), 'this is no database, and it is long enough to be looked at as one');
  const { daemon, call } = await run(workbench, [new FakeCalendar('Work', event('soon', HOUR))]);
  await expect(daemon.check()).resolves.toMatchObject({
    checks: { transcripts: false },
    message: expect.stringContaining('meetings.db') as string,
  });
  await expect(call('list_transcripts')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await call('refresh');
  await expect(call('list_meetings')).resolves.toMatchObject({ nextMeeting: { event_id: 'soon' } });
});

test('as it is configured it reads files', async () => {
  const workbench = await openHome({ clock: new ManualClock(NOW) });
  const source = new URL('../../fixtures/calendars/google.ics', import.meta.url).pathname;
  const module = meetModule({ ics: [{ name: 'Anna', source, email: 'anna@example.com' }] });
  await workbench.state
    .global()
    .get(meetState)
    .then((meet) => meet.update((draft) => void (draft.countdown = '-')));
  const lease = await workbench.state.global().lease('daemon:meet', { holder: 'test', ttlMs: 1e9 });
  const daemon = await module.create({ workbench, emit: () => undefined, lease: () => lease });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  await daemon.methods.call('refresh', {});
  await expect(daemon.methods.call('list_meetings', { limit: 1 })).resolves.toMatchObject({
    countdown: '30m',
    upcomingMeetings: [{ title: 'Stand-up, the short one' }],
  });
});
