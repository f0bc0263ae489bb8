import { money, refuse, requireMoney, type Money } from './money.ts';

/**
 * Splits an amount by ratios so that the parts add up to it exactly: 1.00 by [1, 1, 1] is 0.34, 0.33, 0.33.
 * Each part is its exact share rounded towards zero; the minor units left over go one each to the largest remainders, the earlier part first
 * where they are equal. A ratio of 0 gets nothing. A negative amount is split as its positive counterpart is.
 *
 * @param ratios whole numbers ≥ 0, at least one above 0
 * @throws {HoldfastError} VALIDATION_FAILED when the ratios do not fit.
 */
export function allocate(value: Money, ratios: readonly number[]): Money[] {
  requireMoney(value);
  for (const ratio of ratios) {
    if (!Number.isSafeInteger(ratio) || ratio < 0) refuse('ratios', `ratios must be whole numbers from 0 up, not ${String(ratio)}`);
  }
  const total = ratios.reduce((sum, ratio) => sum + BigInt(ratio), 0n);
  if (total === 0n) refuse('ratios', 'there must be at least one ratio above 0');

  const sign = value.amount < 0 ? -1n : 1n;
  const magnitude = sign * BigInt(value.amount);
  const parts = ratios.map((ratio) => {
    const exact = magnitude * BigInt(ratio);
    return { share: exact / total, remainder: exact % total };
  });
  const leftOver = Number(magnitude - parts.reduce((sum, part) => sum + part.share, 0n)); // fewer than there are parts
  const byRemainder = parts.toSorted((a, b) => compareDescending(a.remainder, b.remainder));
  for (const part of byRemainder.slice(0, leftOver)) part.share += 1n;

  return parts.map((part) => money(Number(sign * part.share), value.currency));
}

/** Equal elements keep their order, since the sort is stable. */
function compareDescending(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left > right ? -1 : 1;
}
