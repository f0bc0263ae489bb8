import { expect, test } from 'vitest';
import { epochOf, isTimeZone } from '../../../daemons/meet/wall-time.ts';

test.each([
  ['2026-03-02T09:30:00', 'America/New_York', '2026-03-02T14:30:00.000Z'],
  ['2026-07-01T09:30:00', 'America/New_York', '2026-07-01T13:30:00.000Z'],
  ['2026-03-08T01:59:00', 'America/New_York', '2026-03-08T06:59:00.000Z'],
  ['2026-03-08T03:00:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  // Skipped: by the offset before.
  ['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  // There twice: the first.
  ['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-03-02T09:30:00', 'Asia/Kolkata', '2026-03-02T04:00:00.000Z'],
  ['2026-03-02T09:30:00', 'Pacific/Kiritimati', '2026-03-01T19:30:00.000Z'],
])('%s on the wall of %s is %s', (wall, zone, expected) => {
  expect(new Date(epochOf(Date.parse(`${wall}Z`), zone)).toISOString()).toBe(expected);
});

test.each([
  ['Europe/Berlin', true],
  ['W. Europe Standard Time', false],
  ['', false],
])('%j is a time zone: %j', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
