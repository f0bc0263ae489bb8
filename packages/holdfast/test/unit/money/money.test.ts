import { describe, expect, it } from 'vitest';
import {
  add,
  allocate,
  basisPointsOf,
  compare,
  decimalsOf,
  formatMoney,
  isNegative,
  isZero,
  money,
  multiply,
  parseMoney,
  percentOf,
  subtract,
  sum,
  toDecimal,
  zero,
  type Money,
} from 'holdfast/money';
import { isHoldfastError } from '../../../src/errors/index.ts';

const usd = (cents: number): Money => money(cents, 'USD');

/** The path of the refusal, or 'accepted'. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isHoldfastError(error, 'VALIDATION_FAILED')) return error.data.issues.map((issue) => issue.path.join('.')).join();
    throw error;
  }
  return 'accepted';
}

describe('making money', () => {
  it('is a plain object that survives JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(usd(1250)))).toEqual({ amount: 1250, currency: 'USD' });
  });

  it('turns negative zero into zero', () => {
    expect(Object.is(usd(-0).amount, 0)).toBe(true);
    expect(Object.is(multiply(usd(0), -3).amount, 0)).toBe(true);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53, -(2 ** 53), true, '5', null])('refuses %s as an amount', (amount) => {
    expect(refusal(() => money(amount as number, 'USD'))).toBe('amount');
  });

  it.each(['usd', 'US', 'USDX', '', 'U$D', 'USD\n', 840, undefined])('refuses %s as a currency', (currency) => {
    expect(refusal(() => money(1, currency as string))).toBe('currency');
  });
});

describe('arithmetic', () => {
  it('adds, subtracts, multiplies and sums in minor units', () => {
    expect(add(usd(10), usd(20))).toEqual(usd(30));
    expect(subtract(usd(10), usd(20))).toEqual(usd(-10));
    expect(multiply(usd(1299), 3)).toEqual(usd(3897));
    expect(sum([usd(1), usd(2), usd(3)], 'USD')).toEqual(usd(6));
    expect(sum([], 'JPY')).toEqual(zero('JPY'));
  });

  it('refuses to combine currencies', () => {
    const yen = money(1, 'JPY');
    for (const action of [() => add(usd(1), yen), () => subtract(usd(1), yen), () => compare(usd(1), yen), () => sum([yen], 'USD')]) {
      expect(refusal(action)).toBe('currency');
    }
  });

  it('refuses values that only look like money, even where two faults would cancel out', () => {
    const half = { amount: 0.5, currency: 'USD' };
    expect(refusal(() => add(half, half))).toBe('amount');
    expect(refusal(() => multiply(half, 2))).toBe('amount');
    expect(refusal(() => percentOf(half, 200))).toBe('amount');
    expect(refusal(() => isZero({ amount: Number.NaN, currency: 'USD' }))).toBe('amount');
  });

  it('refuses results that leave the safe-integer range', () => {
    const most = usd(Number.MAX_SAFE_INTEGER);
    expect(refusal(() => add(most, usd(1)))).toBe('amount');
    expect(refusal(() => subtract(usd(-2), most))).toBe('amount');
    expect(refusal(() => multiply(most, 2))).toBe('amount');
    expect(refusal(() => percentOf(most, 101))).toBe('amount');
  });

  it.each([0.5, Number.NaN, 1e300])('refuses %s as a quantity, percentage and basis points', (factor) => {
    expect(refusal(() => multiply(usd(1), factor))).toBe('quantity');
    expect(refusal(() => percentOf(usd(1), factor))).toBe('percent');
    expect(refusal(() => basisPointsOf(usd(1), factor))).toBe('basisPoints');
  });

  it('compares and tells the sign', () => {
    expect([compare(usd(1), usd(2)), compare(usd(2), usd(2)), compare(usd(3), usd(2))]).toEqual([-1, 0, 1]);
    expect([usd(-1), usd(0), usd(1)].map(isZero)).toEqual([false, true, false]);
    expect([usd(-1), usd(0), usd(1)].map(isNegative)).toEqual([true, false, false]);
  });
});

describe('percentages', () => {
  it.each([
    [1300, 15, 195],
    [1, 50, 1],
    [10, 15, 2],
    [9, 15, 1],
    [333, 10, 33],
    [335, 10, 34],
    [-10, 15, -2],
    [-9, 15, -1],
    [10, -15, -2],
    [0, 20, 0],
  ])('%i minor units at %i %% are %i, halves away from zero', (amount, percent, expected) => {
    expect(percentOf(usd(amount), percent)).toEqual(usd(expected));
  });

  it('takes basis points for fractions of a percent', () => {
    expect(basisPointsOf(usd(1000), 825)).toEqual(usd(83));
    expect(basisPointsOf(usd(1000), 824)).toEqual(usd(82));
  });
});

describe('allocation', () => {
  it('gives what is left over to the largest remainders, the earlier first', () => {
    expect(allocate(usd(100), [1, 1, 1]).map((part) => part.amount)).toEqual([34, 33, 33]);
    expect(allocate(usd(10), [1, 2, 4]).map((part) => part.amount)).toEqual([1, 3, 6]);
    expect(allocate(usd(-100), [1, 1, 1]).map((part) => part.amount)).toEqual([-34, -33, -33]);
    expect(allocate(usd(5), [0, 1]).map((part) => part.amount)).toEqual([0, 5]);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[0.5]], [[Number.NaN]]])('refuses the ratios %j', (ratios) => {
    expect(refusal(() => allocate(usd(1), ratios))).toBe('ratios');
  });
});

describe('decimals', () => {
  it('knows the decimals of a currency by the standard', () => {
    expect(['JPY', 'USD', 'KWD', 'IQD', 'CLF'].map(decimalsOf)).toEqual([0, 2, 3, 3, 4]);
  });

  it.each([
    ['12.50', 'USD', 1250],
    ['12.5', 'USD', 1250],
    ['12', 'USD', 1200],
    ['-0.05', 'USD', -5],
    ['-0', 'USD', 0],
    ['1250', 'JPY', 1250],
    ['1.25', 'KWD', 1250],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ])('reads %s %s exactly', (text, currency, amount) => {
    expect(parseMoney(text, currency)).toEqual(money(amount, currency));
  });

  it.each(['', ' 1', '1 ', '1,000', '1e3', '0x1', '.5', '5.', '+5', '1.005', 'NaN', '$5', '90071992547409.92'])(
    'refuses the text "%s"',
    (text) => {
      expect(refusal(() => parseMoney(text, 'USD'))).toBe('amount');
    },
  );

  it('refuses a very long text at once and does not repeat it whole', () => {
    const huge = '9'.repeat(1_000_000);
    expect(refusal(() => parseMoney(huge, 'USD'))).toBe('amount');
    expect(() => parseMoney(huge, 'USD')).toThrow(/^.{1,200}$/);
  });

  it('refuses decimals in a currency that has none', () => {
    expect(refusal(() => parseMoney('1.5', 'JPY'))).toBe('amount');
  });

  it('writes plain decimals', () => {
    expect([toDecimal(usd(1250)), toDecimal(usd(-5)), toDecimal(usd(0)), toDecimal(money(7, 'JPY')), toDecimal(money(7, 'KWD'))]).toEqual([
      '12.50',
      '-0.05',
      '0.00',
      '7',
      '0.007',
    ]);
  });

  it('formats for people, with the decimals of the currency and no loss in large amounts', () => {
    expect(formatMoney(usd(123_456))).toBe('$1,234.56');
    expect(formatMoney(usd(-5))).toBe('-$0.05');
    expect(formatMoney(money(1250, 'JPY'))).toBe('¥1,250');
    expect(formatMoney(money(1250, 'KWD'))).toBe('KWD\u00A01.250');
    expect(formatMoney(money(1250, 'EUR'), 'de-DE')).toBe('12,50\u00A0€');
    expect(formatMoney(usd(Number.MAX_SAFE_INTEGER))).toBe('$90,071,992,547,409.91');
  });
});
