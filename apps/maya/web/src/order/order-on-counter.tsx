import { formatMoney, money } from 'holdfast/money';
import type { ReactNode } from 'react';
import type { OrderView } from '../../../server/http/contract.ts';

export interface OrderOnCounterProps {
  readonly order: OrderView;
  readonly currency: string;
}

/** What is on the counter now. */
export function OrderOnCounter({ order, currency }: OrderOnCounterProps): ReactNode {
  return (
    <section className="order" aria-labelledby="order-heading">
      <h2 id="order-heading">On the counter</h2>
      {order.items.length === 0 ? (
        <p className="order-empty">{order.isFinished ? 'Your order is being made.' : 'Nothing yet.'}</p>
      ) : (
        <ul>
          {order.items.map((item, index) => (
            <li key={`${index} ${item.name}`}>
              <span className="order-quantity">
                {item.quantity}
                <span aria-hidden="true"> ×</span>
              </span>
              <span className="order-name">
                {item.name}
                {item.modifiers.length > 0 && <small>{item.modifiers.join(', ')}</small>}
              </span>
              <span className="order-price">{formatMoney(money(item.lineTotal, currency))}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
