import { decimalsOf } from 'holdfast/money';

/** Below this many whole units of the currency the balance is low. */
const LOW_BALANCE = 50;

/** How a balance is coloured: `minorUnits` of the currency. */
export function balanceLevel(minorUnits: number, currency: string): 'plenty' | 'low' | 'none' {
  if (minorUnits <= 0) return 'none';
  return minorUnits < LOW_BALANCE * 10 ** decimalsOf(currency) ? 'low' : 'plenty';
}
