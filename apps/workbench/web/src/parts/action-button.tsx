import type { MouseEvent, ReactNode } from 'react';
import type { Call } from '../../../client/actions.ts';
import { useDoing } from '../live/use-doing.ts';
import { focusRow, rowAround } from './focus-row.ts';

export interface ActionButtonProps {
  readonly call: Call;
  /** What is said when it was done. */
  readonly done: string;
  readonly children: ReactNode;
  /** What it is about, for whoever does not see where it stands. */
  readonly about?: string;
  readonly isMain?: boolean;
}

/** Calls a method when it is pressed, once at a time. In a row that it may leave, the keyboard goes back to the row. */
export function ActionButton({ call, done, children, about, isMain = false }: ActionButtonProps): ReactNode {
  const { run, isRunning } = useDoing();
  const isBusy = isRunning(call);
  const press = async ({ currentTarget }: MouseEvent<HTMLElement>): Promise<void> => {
    const row = rowAround(currentTarget);
    if ((await run(call, done)) !== undefined && row) focusRow(row);
  };
  return (
    <button
      type="button"
      className={isMain ? 'button button-main' : 'button'}
      aria-disabled={isBusy}
      aria-busy={isBusy}
      onClick={(event) => void press(event)}
    >
      {children}
      {about !== undefined && <span className="visually-hidden"> {about}</span>}
    </button>
  );
}
