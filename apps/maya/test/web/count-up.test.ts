import { describe, expect, it } from 'vitest';
import { balanceLevel } from '../../web/src/tab/balance-level.ts';
import { changeTo, frameAt, restAt } from '../../web/src/tab/count-up.ts';

const RESTING = (value: number) => ({ value, scale: 1, isMoving: false });

describe('a figure that counts up', () => {
  it('takes half a second, from the old value to the new one', () => {
    const figure = changeTo(restAt(0), 1300, 1000);
    expect(frameAt(figure, 1000)).toEqual({ value: 0, scale: 1, isMoving: true });
    expect(frameAt(figure, 1499).isMoving).toBe(true);
    expect(frameAt(figure, 1500)).toEqual(RESTING(1300));
  });

  it('only grows on its way up, in whole minor units, and only shrinks on its way down', () => {
    const up = changeTo(restAt(0), 1300, 0);
    const down = changeTo(restAt(100_000), 98_700, 0);
    const times = Array.from({ length: 51 }, (_, index) => index * 10);
    const risen = times.map((time) => frameAt(up, time).value);
    const fallen = times.map((time) => frameAt(down, time).value);
    expect(risen).toEqual(risen.toSorted((a, b) => a - b));
    expect(fallen).toEqual(fallen.toSorted((a, b) => b - a));
    expect([...risen, ...fallen].every(Number.isInteger)).toBe(true);
  });

  it('pulses to 1.1 in the middle and back to 1', () => {
    const figure = changeTo(restAt(0), 100, 0);
    expect(frameAt(figure, 250).scale).toBeCloseTo(1.1, 10);
    expect(frameAt(figure, 125).scale).toBeGreaterThan(1.05);
    expect(frameAt(figure, 500).scale).toBe(1);
  });

  it('does not move when nothing changed', () => {
    expect(frameAt(changeTo(restAt(500), 500, 0), 10)).toEqual(RESTING(500));
  });

  it('does not count again to where it is going', () => {
    const figure = changeTo(restAt(0), 100, 0);
    expect(changeTo(figure, 100, 50)).toEqual(figure);
    expect(changeTo(figure, 100, 300)).toEqual(figure);
  });

  it('merges changes within 100 ms into one count without a jump', () => {
    const one = changeTo(restAt(0), 100, 0);
    const merged = changeTo(one, 300, 99);
    expect(merged.waiting).toEqual([]);
    expect(frameAt(merged, 99).value).toBe(frameAt(one, 99).value);
    expect(frameAt(merged, 500)).toEqual(RESTING(300));
  });

  it('counts a change 100 ms later by itself, after the first', () => {
    const figure = changeTo(changeTo(restAt(0), 100, 0), 300, 100);
    expect(frameAt(figure, 500)).toEqual({ value: 100, scale: 1, isMoving: true });
    expect(frameAt(figure, 999).isMoving).toBe(true);
    expect(frameAt(figure, 1000)).toEqual(RESTING(300));
  });

  it('merges changes that wait, and forgets a pair that leads back', () => {
    const counting = changeTo(restAt(0), 100, 0);
    const merged = changeTo(changeTo(counting, 200, 150), 250, 249);
    expect(merged.waiting).toEqual([{ to: 250, arrivedAt: 150 }]);
    expect(changeTo(changeTo(counting, 200, 150), 100, 249).waiting).toEqual([]);
    expect(changeTo(changeTo(counting, 200, 150), 250, 250).waiting.map(({ to }) => to)).toEqual([200, 250]);
  });

  it('lets five changes wait and drops the oldest', () => {
    let figure = restAt(0);
    for (let to = 1; to <= 12; to += 1) figure = changeTo(figure, to, (to - 1) * 100);
    expect(figure.counting?.to).toBe(6); // 3, 4 and 5 gave way while 2 was counted
    expect(figure.waiting.map(({ to }) => to)).toEqual([8, 9, 10, 11, 12]);
    expect(frameAt(figure, 60_000)).toEqual(RESTING(12));
  });

  it('is at its last value after a long pause, however much waited', () => {
    const figure = changeTo(changeTo(changeTo(restAt(0), 100, 0), 200, 150), 300, 300);
    expect(frameAt(figure, 60_000)).toEqual(RESTING(300));
  });
});

describe('the colour of a balance', () => {
  it('is plenty from 50.00, low below it, and none at 0', () => {
    expect([100_000, 5000, 4999, 1, 0].map((amount) => balanceLevel(amount, 'USD'))).toEqual(['plenty', 'plenty', 'low', 'low', 'none']);
  });

  it('follows the decimals of the currency', () => {
    expect([balanceLevel(50, 'JPY'), balanceLevel(49, 'JPY'), balanceLevel(49_999, 'KWD')]).toEqual(['plenty', 'low', 'low']);
  });
});
