import { expect, test } from 'vitest';
import { expandIcs } from '../../../daemons/meet/expand-ics.ts';

const window = { from: Date.parse('2026-03-02T00:00:00Z'), to: Date.parse('2026-03-09T00:00:00Z') };
const endless = 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30';

function event(uid: string, ...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', `UID:${uid}`, 'DTSTART:20260302T150000Z', ...lines, 'END:VEVENT'].join('\r\n');
}

function expand(events: readonly string[], signal = new AbortController().signal) {
  const text = ['BEGIN:VCALENDAR', ...events, 'END:VCALENDAR'].join('\r\n');
  return expandIcs({ text, window, timeZone: 'UTC' }, { signal, timeLimitMs: 1_000 });
}

test.each([endless, 'DURATION:P99999999999999D'])('an event with %s, which nobody can expand, hides no other event', async (line) => {
  const { events, leftOut } = await expand([event('first'), event('endless', line), event('last', 'RRULE:FREQ=DAILY;COUNT=2')]);
  expect(leftOut).toEqual(['endless']);
  expect(events.map(({ series }) => series)).toEqual(['first', 'last', 'last']);
});

test('a calendar full of such rules is given up', async () => {
  await expect(expand([1, 2, 3, 4].map((n) => event(`endless ${n}`, endless)))).rejects.toThrow('too long');
});

test('what is no calendar is an error', async () => {
  await expect(expandIcs({ text: 'hello', window, timeZone: 'UTC' }, { signal: new AbortController().signal })).rejects.toThrow(Error);
});

test('it stops when nobody wants it any more', async () => {
  const controller = new AbortController();
  const expanding = expand([event('endless', endless)], controller.signal);
  controller.abort(new Error('enough'));
  await expect(expanding).rejects.toThrow('enough');
});
