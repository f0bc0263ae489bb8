import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readIcs, type ReadIcsOptions } from '../../../daemons/meet/read-ics.ts';

const WEEK = { from: '2026-03-02T00:00:00-05:00', to: '2026-03-09T00:00:00-05:00' };

function fixture(name: string): string {
  // Whatever git made of the ends of the lines, they are as the standard has them.
  return readFileSync(new URL(`../../fixtures/calendars/${name}`, import.meta.url), 'utf8').replaceAll(/\r?\n/g, '\r\n');
}

function read(text: string, { from, to }: { from: string; to: string } = WEEK, more: Partial<ReadIcsOptions> = {}) {
  const events = readIcs({ text, window: { from: Date.parse(from), to: Date.parse(to) }, timeZone: 'America/New_York', ...more });
  return events.map(({ start, end, ...event }) => ({ ...event, start: new Date(start).toISOString(), end: new Date(end).toISOString() }));
}

/** A calendar of one event, of these lines. */
function calendarOf(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:one', 'SUMMARY:One', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
}

test('Google: a series with an excluded, a moved and a cancelled occurrence, an all-day event and a declined one', () => {
  const events = read(fixture('google.ics'), WEEK, { email: 'anna@example.com' });
  expect(events.map(({ title, start, isAllDay }) => `${start} ${title}${isAllDay ? ' (all day)' : ''}`)).toEqual([
    '2026-03-02T14:30:00.000Z Stand-up, the short one',
    '2026-03-03T05:00:00.000Z Off-site (all day)',
    '2026-03-03T14:30:00.000Z Stand-up, the short one',
    '2026-03-05T16:00:00.000Z Stand-up (moved)',
  ]);
  expect(events[0]).toEqual({
    id: 'standup-1@google.com_20260302T143000Z',
    series: 'standup-1@google.com',
    title: 'Stand-up, the short one',
    start: '2026-03-02T14:30:00.000Z',
    end: '2026-03-02T14:45:00.000Z',
    isAllDay: false,
    url: 'https://meet.google.com/abc-defg-hij',
    organizer: 'bo@example.com',
  });
  expect(events[1]).toMatchObject({ end: '2026-03-05T05:00:00.000Z' });
});

test('Google: a moved occurrence has the id of the one that it was, and whoever did not decline has all', () => {
  const events = read(fixture('google.ics'));
  expect(events.find(({ title }) => title.includes('moved'))?.id).toBe('standup-1@google.com_20260305T143000Z');
  expect(events.map(({ title }) => title)).toContain('All hands that Anna declined with a long title that is folded over two lines');
});

test('Google: when the clocks go forward, a meeting stays at its hour on the wall', () => {
  const starts = read(fixture('google.ics'), { from: '2026-03-06T12:00:00-05:00', to: '2026-03-10T12:00:00-04:00' }).map(
    ({ start }) => start,
  );
  expect(starts).toEqual(['2026-03-09T13:30:00.000Z', '2026-03-10T13:30:00.000Z']);
});

test('Outlook: zones by their Windows names, every second week, with an end and an excluded day, over the change of the clocks', () => {
  const events = read(fixture('outlook.ics'), { from: '2026-03-01T00:00:00Z', to: '2026-08-01T00:00:00Z' });
  expect(events.map(({ start }) => start)).toEqual([
    '2026-03-04T08:00:00.000Z',
    '2026-04-01T07:00:00.000Z',
    '2026-04-15T07:00:00.000Z',
    '2026-04-29T07:00:00.000Z',
    '2026-05-13T07:00:00.000Z',
    '2026-05-27T07:00:00.000Z',
    '2026-06-10T07:00:00.000Z',
    '2026-06-24T07:00:00.000Z',
  ]);
  expect(events[0]?.url).toBe('https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0');
});

test('Apple: a count of days over the change of the clocks, a floating time with a duration, and a zone that is only named', () => {
  const events = read(fixture('apple.ics'), { from: '2026-03-27T00:00:00Z', to: '2026-04-30T00:00:00Z' }, { timeZone: 'Europe/Berlin' });
  expect(events.map(({ title, start, end }) => [title, start, end])).toEqual([
    ['Call home', '2026-03-27T17:00:00.000Z', '2026-03-27T17:30:00.000Z'],
    ['Lunch, wherever I am', '2026-03-28T11:00:00.000Z', '2026-03-28T11:45:00.000Z'],
    ['Call home', '2026-03-28T17:00:00.000Z', '2026-03-28T17:30:00.000Z'],
    ['Tokyo, whose zone is not in the file', '2026-03-29T00:00:00.000Z', '2026-03-29T00:30:00.000Z'],
    ['Call home', '2026-03-29T16:00:00.000Z', '2026-03-29T16:30:00.000Z'],
    ['Call home', '2026-03-30T16:00:00.000Z', '2026-03-30T16:30:00.000Z'],
  ]);
  expect(events[1]?.url).toBe('https://example.zoom.us/j/123456789');
});

test('an excluded date in UTC excludes an occurrence in a zone that is only named', () => {
  const text = calendarOf(
    'DTSTART;TZID=Asia/Tokyo:20260302T090000',
    'DTEND;TZID=Asia/Tokyo:20260302T100000',
    'RRULE:FREQ=DAILY;COUNT=4',
    'EXDATE:20260303T000000Z',
  );
  expect(read(text).map(({ start }) => start)).toEqual(['2026-03-04T00:00:00.000Z', '2026-03-05T00:00:00.000Z']);
});

test('dates besides the rule are occurrences too', () => {
  const text = calendarOf('DTSTART:20260302T150000Z', 'DURATION:PT1H', 'RDATE:20260304T160000Z,20260401T160000Z');
  expect(read(text).map(({ start }) => start)).toEqual(['2026-03-02T15:00:00.000Z', '2026-03-04T16:00:00.000Z']);
});

test('what has begun before the window and goes on is in it, what ended before or begins behind is not', () => {
  const text = calendarOf('DTSTART:20260302T150000Z', 'DTEND:20260302T160000Z');
  expect(read(text, { from: '2026-03-02T15:59:59Z', to: '2026-03-03T00:00:00Z' })).toHaveLength(1);
  expect(read(text, { from: '2026-03-02T16:00:00Z', to: '2026-03-03T00:00:00Z' })).toHaveLength(0);
  expect(read(text, { from: '2026-03-02T00:00:00Z', to: '2026-03-02T15:00:00Z' })).toHaveLength(0);
});

test('an occurrence that was moved into the window from far behind it is in it', () => {
  const moved = [
    'BEGIN:VEVENT',
    'UID:one',
    'SUMMARY:Early',
    'RECURRENCE-ID:20270301T150000Z',
    'DTSTART:20260303T150000Z',
    'END:VEVENT',
  ].join('\r\n');
  const text = calendarOf('DTSTART:20260301T150000Z', 'RRULE:FREQ=YEARLY').replace('END:VCALENDAR', `${moved}\r\nEND:VCALENDAR`);
  expect(read(text).map(({ title, id }) => [title, id])).toEqual([['Early', 'one_20270301T150000Z']]);
});

test.each(['SECONDLY', 'MINUTELY', 'HOURLY'])('a rule that is %s is left out, as no meeting recurs so often', (frequency) => {
  expect(read(calendarOf('DTSTART:20260302T150000Z', `RRULE:FREQ=${frequency}`))).toEqual([]);
});

test('a series that began long ago is expanded to the window, and one that is too long is not', () => {
  const daily = ['DURATION:PT1H', 'RRULE:FREQ=DAILY'];
  expect(read(calendarOf('DTSTART:20060101T150000Z', ...daily))).toHaveLength(7);
  expect(read(calendarOf('DTSTART:16010101T150000Z', ...daily))).toHaveLength(0);
});

test('no more than 1,000 events of a calendar are given, and long texts are cut', () => {
  const event = `BEGIN:VEVENT\r\nSUMMARY:${'x'.repeat(2_000)}\r\nDTSTART:20260302T150000Z\r\nEND:VEVENT\r\n`;
  const text = `BEGIN:VCALENDAR\r\n${event.repeat(1_200)}END:VCALENDAR\r\n`;
  const events = read(text);
  expect(events).toHaveLength(1_000);
  expect(events[0]?.title).toHaveLength(500);
});

test('events without a start are left out, and one called __proto__ is an event as any other', () => {
  expect(read(calendarOf('DTEND:20260302T150000Z'))).toEqual([]);
  expect(read(calendarOf('DTSTART:20260302T150000Z').replace('UID:one', 'UID:__proto__'))).toMatchObject([{ id: '__proto__' }]);
});

test.each([
  'DTSTART;VALUE=DATE:20260332',
  'DTSTART:99990101T000000Z',
  'DTSTART;TZID="\u0000":20260302T150000',
  'DTSTART:20260302T150000Z\r\nRRULE:FREQ=NEVER',
  'DTSTART:20260302T150000Z\r\nRRULE:FREQ=DAILY;COUNT=-3',
  'DTSTART:20260302T150000Z\r\nRECURRENCE-ID:nonsense',
  'DTSTART:20260302T150000Z\r\nDTEND:00000000T000000Z',
  'a line without a colon',
])('an event that makes no sense hides no other one: %j', (lines) => {
  const other = 'BEGIN:VEVENT\r\nUID:two\r\nSUMMARY:Two\r\nDTSTART:20260303T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR';
  expect(read(calendarOf(lines).replace('END:VCALENDAR', other)).map(({ title }) => title)).toContain('Two');
});

test.each(['', 'not a calendar', '<html></html>', 'BEGIN:VCARD\r\nEND:VCARD', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n'])(
  'what is no calendar is an error: %j',
  (text) => {
    expect(() => read(text)).toThrow(Error);
  },
);
