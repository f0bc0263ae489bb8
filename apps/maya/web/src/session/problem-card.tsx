import type { ReactNode } from 'react';
import type { ErrorAnswer } from '../../../server/http/contract.ts';

/** Why the last thing asked for did not happen. */
export function ProblemCard({ problem, onDismiss }: { readonly problem: ErrorAnswer; readonly onDismiss: () => void }): ReactNode {
  return (
    <div className="problem-card" role="alert">
      <p>{problem.message}</p>
      {problem.errorId && <p className="problem-id">Error {problem.errorId}</p>}
      <div className="problem-actions">
        <button type="button" className="button" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </div>
  );
}
