import { expect, test } from 'vitest';
import { isWorkingTime } from '../../../daemons/sprint/working-hours.ts';

test.each([
  ['2026-03-02T08:59:59-05:00', false],
  ['2026-03-02T09:00:00-05:00', true],
  ['2026-03-02T16:59:59-05:00', true],
  ['2026-03-02T17:00:00-05:00', false],
  ['2026-03-06T12:00:00-05:00', true],
  ['2026-03-07T12:00:00-05:00', false],
  ['2026-03-08T12:00:00-04:00', false],
  // The Monday after the clocks went forward.
  ['2026-03-09T09:00:00-04:00', true],
  ['2026-03-09T09:00:00-05:00', true],
  ['2026-03-09T08:59:00-04:00', false],
])('in New York at %s it is working time: %j', (time, expected) => {
  expect(isWorkingTime(Date.parse(time), 'America/New_York')).toBe(expected);
});

test('the zone decides, also of the weekday', () => {
  const sundayEveningInNewYork = Date.parse('2026-03-01T20:00:00-05:00');
  expect(isWorkingTime(sundayEveningInNewYork, 'America/New_York')).toBe(false);
  expect(isWorkingTime(sundayEveningInNewYork, 'Asia/Tokyo')).toBe(true);
});

test('a zone that there is not is refused', () => {
  expect(() => isWorkingTime(0, 'Mars/Olympus')).toThrow(RangeError);
});
