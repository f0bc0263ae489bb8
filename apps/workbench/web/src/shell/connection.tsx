import type { ReactNode } from 'react';
import type { LiveState } from '../live/live-overview.ts';

/** Says when what is shown may be out of date. */
export function ConnectionBanner({ connection }: Pick<LiveState, 'connection'>): ReactNode {
  return (
    <div className="banners" aria-live="polite">
      {connection === 'lost' && (
        <p className="banner">
          <span aria-hidden="true">■ </span>The Workbench cannot be reached. What you see is what it said last; trying again…
        </p>
      )}
      {connection === 'refused' && (
        <p className="banner">
          <span aria-hidden="true">■ </span>The Workbench was started anew and does not know this page. Open the address that it printed.
        </p>
      )}
    </div>
  );
}
