import { defineInvariant } from 'holdfast';
import { costOf, orderHistoryState } from './order-history.ts';
import { paymentState } from './payment.ts';

/** The money agrees with the drinks: tab, charge and paid total are the sums of the items that they stand for. */
export const tabMatchesItems = defineInvariant('tabMatchesItems', [paymentState, orderHistoryState], ([payment, history]) => {
  const [open, charging, paid] = [costOf(history, 'open'), costOf(history, 'charging'), costOf(history, 'paid')];
  if (payment.tabTotal !== open + charging) return `the tab is ${payment.tabTotal} and its items cost ${open + charging}`;
  if ((payment.charge?.tab ?? 0) !== charging) return `the charge is ${payment.charge?.tab ?? 0} and its items cost ${charging}`;
  return payment.paidTotal === paid || `${payment.paidTotal} was paid for items of ${paid}`;
});
