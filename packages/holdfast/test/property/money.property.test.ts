/**
 * 1. The parts of an allocation add up to the whole, and none is a minor unit or more away from its exact share.
 * 2. A percentage is the exact quotient rounded half away from zero, as computed by another road (BigInt, quotient and remainder).
 * 3. Percentages are symmetric: a refund gives back what was taken.
 * 4. What toDecimal writes, parseMoney reads back.
 * 5. Subtraction undoes addition.
 */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { add, allocate, basisPointsOf, multiply, money, parseMoney, percentOf, subtract, toDecimal, type Money } from 'holdfast/money';

const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF');
const anyMoney = fc.tuple(fc.maxSafeInteger(), currency).map(([amount, code]) => money(amount, code));
const halfRange = fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 });
const ratios = fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 20 }).filter((list) => list.some((ratio) => ratio > 0));

/** Rounds by looking at the remainder, where the code under test adds half before it divides. */
function halfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  if (twice < denominator) return quotient;
  return quotient + (numerator < 0n ? -1n : 1n);
}

const negated = (value: Money): Money => multiply(value, -1);

test.prop([anyMoney, ratios])('allocation conserves the whole and is fair to less than one minor unit', (value, weights) => {
  const parts = allocate(value, weights);
  expect(parts.reduce((sum, part) => sum + BigInt(part.amount), 0n)).toBe(BigInt(value.amount));
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  parts.forEach((part, index) => {
    const error = BigInt(part.amount) * total - BigInt(value.amount) * BigInt(weights[index] ?? 0);
    expect(error < total && error > -total).toBe(true);
  });
});

test.prop([anyMoney, fc.integer({ min: -100, max: 100 })])('a percentage equals the BigInt oracle', (value, percent) => {
  expect(BigInt(percentOf(value, percent).amount)).toBe(halfAwayFromZero(BigInt(value.amount) * BigInt(percent), 100n));
});

test.prop([anyMoney, fc.integer({ min: 0, max: 10_000 })])('basis points equal the BigInt oracle', (value, basisPoints) => {
  expect(BigInt(basisPointsOf(value, basisPoints).amount)).toBe(halfAwayFromZero(BigInt(value.amount) * BigInt(basisPoints), 10_000n));
});

test.prop([anyMoney, fc.integer({ min: 0, max: 100 })])('the percentage of a refund is the refund of the percentage', (value, percent) => {
  expect(percentOf(negated(value), percent)).toEqual(negated(percentOf(value, percent)));
});

test.prop([anyMoney])('what is written as a decimal is read back as the same money', (value) => {
  expect(parseMoney(toDecimal(value), value.currency)).toEqual(value);
});

test.prop([halfRange, halfRange])('subtraction undoes addition', (left, right) => {
  expect(subtract(add(money(left, 'USD'), money(right, 'USD')), money(right, 'USD'))).toEqual(money(left, 'USD'));
});
