import type { ReactNode } from 'react';
import type { Turn } from './turn.ts';

export interface FailedTurnProps {
  readonly turn: Turn;
  readonly onRetry: (turn: Turn) => void;
  readonly onDismiss: (turn: Turn) => void;
}

/** Why a message has no reply, and the way to send it again. */
export function FailedTurn({ turn, onRetry, onDismiss }: FailedTurnProps): ReactNode {
  return (
    <li className="entry">
      <div className="problem-card">
        <p>{turn.error?.message}</p>
        {turn.error?.errorId && <p className="problem-id">Error {turn.error.errorId}</p>}
        <div className="problem-actions">
          <button type="button" className="button" onClick={() => onRetry(turn)}>
            Retry
          </button>
          <button type="button" className="button button-quiet" onClick={() => onDismiss(turn)}>
            Dismiss
          </button>
        </div>
      </div>
    </li>
  );
}
