import { formatMoney, money } from 'holdfast/money';
import type { ReactNode } from 'react';
import { balanceLevel } from './balance-level.ts';
import { useCountUp } from './use-count-up.ts';

export interface CountedMoneyProps {
  readonly label: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly kind: 'tab' | 'balance' | 'tip' | 'total';
}

/** A row of the overlay whose figure counts up; a balance is coloured by the figure shown, not by where it is going. */
export function CountedMoney({ label, amount, currency, kind }: CountedMoneyProps): ReactNode {
  const { value, scale } = useCountUp(amount);
  return (
    <div className="tab-row" data-kind={kind} data-level={kind === 'balance' ? balanceLevel(value, currency) : undefined}>
      <dt>{label}</dt>
      <dd style={{ scale: String(scale) }}>{formatMoney(money(value, currency))}</dd>
    </div>
  );
}
