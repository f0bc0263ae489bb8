export { money, zero, add, subtract, sum, multiply, percentOf, basisPointsOf, compare, isZero, isNegative } from './money.ts';
export type { Money } from './money.ts';
export { allocate } from './allocate.ts';
export { decimalsOf, toDecimal, parseMoney, formatMoney } from './decimal.ts';
