import { formatMoney, money } from 'holdfast/money';
import type { ReactNode } from 'react';
import type { PaymentView, TipRequest } from '../../../server/http/contract.ts';
import { CountedMoney } from './counted-money.tsx';
import { TipButtons } from './tip-buttons.tsx';

export interface TabOverlayProps {
  readonly payment: PaymentView;
  /** The payment page is being asked for. */
  readonly isAskingToPay: boolean;
  readonly onTip: (percentage: TipRequest['percentage']) => void;
  readonly onPay: () => void;
}

/** The tab at a glance. Screen readers hear one sentence with the final amounts instead of figures that count. */
export function TabOverlay({ payment, isAskingToPay, onTip, onPay }: TabOverlayProps): ReactNode {
  const { currency, balance, tab, tip, total } = payment;
  const show = (amount: number): string => formatMoney(money(amount, currency));
  const isTipped = tip > 0 || payment.tipPercentage !== null;
  const isUnderWay = payment.charging !== null || payment.needsReconciliation;
  const tipText = isTipped ? ` Tip ${show(tip)}. Total ${show(total)}.` : '';
  return (
    <section className="tab-overlay" aria-label="Tab">
      <p className="visually-hidden" aria-live="polite" aria-atomic="true">
        {`Tab ${show(tab)}. Balance ${show(balance)}.${tipText}`}
      </p>
      <dl aria-hidden="true">
        <CountedMoney kind="tab" label="Tab" amount={tab} currency={currency} />
        <CountedMoney kind="balance" label="Balance" amount={balance} currency={currency} />
      </dl>
      {tab > 0 && <TipButtons chosen={payment.tipPercentage} isFixed={isUnderWay} onTip={onTip} />}
      {isTipped && (
        <dl aria-hidden="true">
          <CountedMoney kind="tip" label="Tip" amount={tip} currency={currency} />
          <CountedMoney kind="total" label="Total" amount={total} currency={currency} />
        </dl>
      )}
      {tab > 0 && !payment.takesPayments && <p className="tab-note">No payments are taken here.</p>}
      {tab > 0 && payment.takesPayments && !isUnderWay && (
        <button type="button" className="button button-main" aria-disabled={isAskingToPay} onClick={onPay}>
          {isAskingToPay ? 'One moment…' : `Pay ${show(total)}`}
        </button>
      )}
    </section>
  );
}
