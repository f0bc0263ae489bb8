import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { SlidingWindow } from '../../server/limits/sliding-window.ts';

const LIMITS = [
  { count: 5, windowMs: 10_000 },
  { count: 10, windowMs: 60_000 },
];

/** Whatever the pauses, no stretch of a window's length holds more than its limit; and after the wait that was told the next one may happen. */
test.prop([fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 60 })])('holds its limits and tells the exact wait', (pauses) => {
  const window = new SlidingWindow(LIMITS);
  const taken: number[] = [];
  let now = 1_000_000;
  for (const pause of pauses) {
    now += pause;
    const wait = window.waitMs(now);
    if (wait > 0) {
      expect(window.waitMs(now + wait - 1)).toBe(1);
      now += wait;
    }
    expect(window.waitMs(now)).toBe(0);
    window.add(now);
    taken.push(now);
  }
  for (const { count, windowMs } of LIMITS)
    for (const end of taken) expect(taken.filter((time) => time > end - windowMs && time <= end).length).toBeLessThanOrEqual(count);
});

it('does not hold a clock that is set back against anybody', () => {
  const window = new SlidingWindow([{ count: 1, windowMs: 10_000 }]);
  window.add(1_000_000);
  expect(window.waitMs(500_000)).toBe(0);
});
