import { money, percentOf } from 'holdfast/money';

/** The percentages that a guest can choose from. */
export const TIP_PERCENTAGES = [10, 15, 20] as const;

/** A percentage of the tab in minor units, rounded half up. */
export function tipOf(tab: number, percentage: number): number {
  return percentOf(money(tab, 'USD'), percentage).amount;
}

interface TippedTab {
  tabTotal: number;
  tipPercentage: (typeof TIP_PERCENTAGES)[number] | null;
  tipAmount: number;
}

/** Sets a percentage of the tab; the one that is set already is removed, and so is any tip by null. */
export function chooseTip(payment: TippedTab, percentage: TippedTab['tipPercentage']): void {
  const chosen = percentage === payment.tipPercentage ? null : percentage;
  payment.tipPercentage = chosen;
  payment.tipAmount = chosen === null ? 0 : tipOf(payment.tabTotal, chosen);
}

/** Sets a fixed amount, which stays as it is when the tab grows. */
export function tipAmount(payment: TippedTab, amount: number): void {
  payment.tipPercentage = null;
  payment.tipAmount = amount;
}

/** Brings a tip by percentage up to the tab; to be called after every change of the tab. */
export function followTab(payment: TippedTab): void {
  if (payment.tipPercentage !== null) payment.tipAmount = tipOf(payment.tabTotal, payment.tipPercentage);
}
