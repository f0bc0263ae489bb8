import { formatMoney, money } from 'holdfast/money';
import type { ReactNode } from 'react';
import type { PaymentView } from '../../../server/http/contract.ts';

export interface PaymentCardProps {
  readonly payment: PaymentView;
  /** What the completed payment came to, when known; minor units. */
  readonly paidAmount: number | null;
  readonly onCancel: () => void;
}

/** What becomes of the payment, from its link to the thanks; nothing while there is none. */
export function PaymentCard({ payment, paidAmount, onCancel }: PaymentCardProps): ReactNode {
  const show = (amount: number): string => formatMoney(money(amount, payment.currency));
  if (payment.needsReconciliation) {
    return (
      <Card payment={payment} mood="waiting">
        <p>We are checking what became of your payment; nothing will be charged twice.</p>
      </Card>
    );
  }
  if (payment.status === 'pending' && payment.charging !== null) {
    return (
      <Card payment={payment} mood="waiting">
        <p>Your payment page for {show(payment.charging)} is being prepared…</p>
      </Card>
    );
  }
  if (payment.status === 'processing') {
    return (
      <Card payment={payment} mood="waiting">
        <p className="payment-total">
          To pay: <strong>{show(payment.charging ?? payment.total)}</strong>
        </p>
        <div className="payment-actions">
          {payment.link === null ? (
            <p>Your payment page is being prepared…</p>
          ) : (
            <a className="button button-main" href={payment.link} target="_blank" rel="noopener">
              Open payment page<span className="visually-hidden"> in a new tab</span>
            </a>
          )}
          <button type="button" className="button" onClick={onCancel}>
            Cancel<span className="visually-hidden"> the payment</span>
          </button>
        </div>
      </Card>
    );
  }
  if (payment.status === 'completed') {
    return (
      <Card payment={payment} mood="done">
        <p>{paidAmount === null ? 'Your tab is paid. Thank you!' : `Paid ${show(paidAmount)}. Thank you!`}</p>
      </Card>
    );
  }
  return null;
}

function Card({
  payment,
  mood,
  children,
}: {
  readonly payment: PaymentView;
  readonly mood: 'waiting' | 'done';
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="payment-card" data-mood={mood} aria-labelledby="payment-heading">
      <header>
        <h2 id="payment-heading">Payment</h2>
        {payment.isSimulated && (
          <span className="badge" title="No real money moves">
            simulated
          </span>
        )}
      </header>
      {children}
    </section>
  );
}
