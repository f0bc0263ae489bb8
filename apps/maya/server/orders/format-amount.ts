import { formatMoney, money } from 'holdfast/money';
import { CURRENCY } from '../state/index.ts';

/** Minor units of the bar's currency as people read them: 3100 is "$31.00". */
export function formatAmount(minorUnits: number): string {
  return formatMoney(money(minorUnits, CURRENCY));
}
