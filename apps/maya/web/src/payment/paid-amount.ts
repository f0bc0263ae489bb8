import type { PaymentView } from '../../../server/http/contract.ts';

/**
 * What a payment that was completed between two views came to, tip included; minor units.
 * A completed payment shows an empty tab and `paidTotal` knows no tips, so only who saw the tab before can tell: null otherwise.
 *
 * @param known the answer for `before`, kept while nothing new is paid
 */
export function paidBetween(before: PaymentView | undefined, after: PaymentView, known: number | null): number | null {
  if (after.status !== 'completed' || !before) return null;
  if (before.status === 'completed') return before.paidTotal === after.paidTotal ? known : null;
  return after.paidTotal - before.paidTotal === before.tab ? before.total : null;
}
