import { formatMoney, money } from 'holdfast/money';
import type { ReactNode } from 'react';
import type { SessionView } from '../../../server/http/contract.ts';

export interface OrderOnCounterProps {
  readonly session: SessionView;
}

/** What is on the counter now. */
export function OrderOnCounter({ session }: OrderOnCounterProps): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section className="order" aria-labelledby="order-heading" tabIndex={0}>
      <h2 id="order-heading">On the counter</h2>
      {session.order.items.length === 0 ? (
        <p className="order-empty">{session.order.isFinished ? 'Your order is being made.' : 'Nothing yet.'}</p>
      ) : (
        <ul>
          {session.order.items.map((item, index) => (
            <li key={`${index} ${item.name}`}>
              <span className="order-quantity">
                {item.quantity}
                <span aria-hidden="true"> ×</span>
              </span>
              <span className="order-name">
                {item.name}
                {item.modifiers.length > 0 && <small>{item.modifiers.join(', ')}</small>}
              </span>
              <span className="order-price">{formatMoney(money(item.lineTotal, session.payment.currency))}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
