import { expect, test } from 'vitest';
import { countdown } from '../../../daemons/meet/countdown.ts';

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-HOUR, 'Starting now'],
  [0, 'Starting now'],
  [999, 'Starting now'],
  [SECOND, '1s'],
  [42 * SECOND, '42s'],
  [MINUTE - 1, '59s'],
  [MINUTE, '1m'],
  [5 * MINUTE + 59 * SECOND, '5m'],
  [HOUR, '1h 0m'],
  [90 * MINUTE, '1h 30m'],
  [DAY - 1, '23h 59m'],
  [DAY, '1d 0h'],
  [2 * DAY + 3 * HOUR + 59 * MINUTE, '2d 3h'],
])('%d ms before it is %s', (leftMs, expected) => {
  expect(countdown(leftMs)).toBe(expected);
});
