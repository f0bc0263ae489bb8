import type { ReactNode } from 'react';
import type { PaymentView, TipRequest } from '../../../server/http/contract.ts';

const PERCENTAGES = [10, 15, 20] as const;

export interface TipButtonsProps {
  readonly chosen: PaymentView['tipPercentage'];
  /** Shown, but not to be pressed: a payment is on its way. */
  readonly isFixed: boolean;
  readonly onTip: (percentage: TipRequest['percentage']) => void;
}

/** Tips by percentage of the tab; pressing the chosen one again takes it away. */
export function TipButtons({ chosen, isFixed, onTip }: TipButtonsProps): ReactNode {
  return (
    <fieldset className="tip-buttons">
      <legend className="visually-hidden">Tip</legend>
      {PERCENTAGES.map((percentage) => (
        <button
          key={percentage}
          type="button"
          className="tip-button"
          aria-pressed={chosen === percentage}
          aria-disabled={isFixed}
          aria-label={`Tip ${percentage} percent`}
          onClick={() => {
            if (!isFixed) onTip(percentage);
          }}
        >
          {percentage}%
        </button>
      ))}
    </fieldset>
  );
}
