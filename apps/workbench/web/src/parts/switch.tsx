import type { ReactNode } from 'react';
import type { Call } from '../../../client/actions.ts';
import { useDoing } from '../live/use-doing.ts';

export interface SwitchProps {
  /** What is switched, for whoever does not see the row. */
  readonly label: string;
  readonly isOn: boolean;
  /** What sets it. */
  readonly call: (isOn: boolean) => Call;
  readonly place?: { readonly 'data-rove': ''; readonly tabIndex: 0 | -1 };
}

/** On or off. It moves once it has been done. */
export function Switch({ label, isOn, call, place }: SwitchProps): ReactNode {
  const { run, isRunning } = useDoing();
  const wish = call(!isOn);
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={label}
      aria-busy={isRunning(wish)}
      onClick={() => void run(wish, `${label} is ${isOn ? 'off' : 'on'}.`)}
      {...place}
    >
      <span className="switch-track" aria-hidden="true" />
      <span aria-hidden="true">{isOn ? 'on' : 'off'}</span>
    </button>
  );
}
