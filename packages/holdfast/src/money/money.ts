import { HoldfastError } from '../errors/index.ts';

/**
 * An amount of money as a plain value, so that it can be part of a state.
 * `amount` counts minor units (cents for USD, yen for JPY, fils for KWD): a safe integer, negative for a debt or a refund.
 * `currency` is an ISO 4217 code in capital letters.
 */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Makes a checked amount. `minorUnits` is an integer: 1250 is 12.50 USD.
 * The currency must look like an ISO 4217 code; whether it is still in use is not asked, since stored amounts outlive currencies.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the amount is no safe integer or the currency no three capital letters.
 */
export function money(minorUnits: number, currency: string): Money {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    refuse('currency', `"${currency}" is no ISO 4217 code; give three capital letters, such as USD`);
  }
  if (!Number.isSafeInteger(minorUnits)) {
    refuse('amount', `${String(minorUnits)} is no whole number of minor units between ±${Number.MAX_SAFE_INTEGER}`);
  }
  return { amount: minorUnits + 0, currency }; // + 0 turns -0, which JSON cannot carry, into 0
}

/** Nothing of a currency. */
export function zero(currency: string): Money {
  return money(0, currency);
}

/** @throws {HoldfastError} VALIDATION_FAILED when the currencies differ or the sum leaves the safe-integer range. */
export function add(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.amount + right.amount, left.currency);
}

/** @throws {HoldfastError} VALIDATION_FAILED when the currencies differ or the difference leaves the safe-integer range. */
export function subtract(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.amount - right.amount, left.currency);
}

/**
 * Adds up any number of amounts; none at all gives zero, which is why the currency is asked for.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when one is of another currency or a partial sum leaves the safe-integer range.
 */
export function sum(values: Iterable<Money>, currency: string): Money {
  let total = zero(currency);
  for (const value of values) total = add(total, value);
  return total;
}

/**
 * Multiplies by a whole quantity; a negative one turns the sign.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the quantity is no safe integer or the product leaves that range.
 */
export function multiply(value: Money, quantity: number): Money {
  requireMoney(value);
  requireInteger('quantity', quantity);
  return money(value.amount * quantity, value.currency);
}

/**
 * A whole percentage of an amount, rounded half up to the minor unit: 15 % of 0.10 is 0.02.
 * Half up is by magnitude: exactly half a unit goes away from zero, so a refund (−0.10) gives back just what was taken (−0.02).
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the percentage is no safe integer or the result leaves that range.
 */
export function percentOf(value: Money, percent: number): Money {
  requireInteger('percent', percent);
  return fractionOf(value, percent, 100n);
}

/**
 * Basis points (hundredths of a percent: 825 is 8.25 %) of an amount, rounded as {@link percentOf} rounds.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the basis points are no safe integer or the result leaves that range.
 */
export function basisPointsOf(value: Money, basisPoints: number): Money {
  requireInteger('basisPoints', basisPoints);
  return fractionOf(value, basisPoints, 10_000n);
}

/**
 * −1, 0 or 1 for less than, equal to, more than: fit for sorting.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the currencies differ.
 */
export function compare(left: Money, right: Money): -1 | 0 | 1 {
  requireSameCurrency(left, right);
  if (left.amount === right.amount) return 0;
  return left.amount < right.amount ? -1 : 1;
}

export function isZero(value: Money): boolean {
  return requireMoney(value).amount === 0;
}

/** True below zero; zero is not negative. */
export function isNegative(value: Money): boolean {
  return requireMoney(value).amount < 0;
}

/** Checks a value that may come from outside the type system; gives it back unchanged. */
export function requireMoney(value: Money): Money {
  money(value.amount, value.currency);
  return value;
}

/** Ends a call whose argument does not fit; `field` becomes the issue's path. */
export function refuse(field: string, message: string): never {
  throw new HoldfastError('VALIDATION_FAILED', `Money: ${message}.`, {
    entity: '',
    state: '',
    issues: [{ path: [field], message }],
  });
}

function requireInteger(field: string, value: number): void {
  if (!Number.isSafeInteger(value)) refuse(field, `${field} must be a whole number, not ${String(value)}`);
}

function requireSameCurrency(left: Money, right: Money): void {
  requireMoney(left);
  requireMoney(right);
  if (left.currency !== right.currency) {
    refuse('currency', `${left.currency} and ${right.currency} cannot be combined; convert one of them first`);
  }
}

/** BigInt, because amount × numerator leaves the safe range long before the result does. */
function fractionOf(value: Money, numerator: number, denominator: bigint): Money {
  requireMoney(value);
  const product = BigInt(value.amount) * BigInt(numerator);
  const magnitude = product < 0n ? -product : product;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return money(Number(product < 0n ? -rounded : rounded), value.currency);
}
