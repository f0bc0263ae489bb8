import { useEffect, type ReactNode } from 'react';
import { useDoing } from '../live/use-doing.ts';

const DONE_FOR_MS = 6_000;

/** What became of the last thing that was done, over the page's foot, so that nothing moves. */
export function Notices(): ReactNode {
  const { notice, say } = useDoing();
  // What went wrong stays until it is closed.
  useEffect(() => {
    if (notice?.kind !== 'done') return undefined;
    const timer = setTimeout(() => say(null), DONE_FOR_MS);
    return () => clearTimeout(timer);
  }, [notice, say]);
  return (
    <div className="notices">
      <output>
        {notice?.kind === 'done' && (
          <span className="notice">
            <span aria-hidden="true">✓ </span>
            {notice.text}
          </span>
        )}
      </output>
      <div role="alert">
        {notice?.kind === 'problem' && (
          <div className="notice notice-problem">
            <p>
              <span aria-hidden="true">■ </span>
              {notice.text}
            </p>
            <button type="button" className="button" onClick={() => say(null)}>
              Close
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
