import type { ReactNode } from 'react';
import type { PageState } from './page-state.ts';

export interface BannersProps {
  readonly connection: PageState['connection'];
  readonly notice: PageState['notice'];
  readonly onDismissNotice: () => void;
}

/** What the visitor should know about the session as a whole. */
export function Banners({ connection, notice, onDismissNotice }: BannersProps): ReactNode {
  return (
    <div className="banners" aria-live="polite">
      {connection === 'offline' && <p className="banner banner-offline">The bar can't be reached. Trying again…</p>}
      {notice === 'expired' && (
        <p className="banner">
          <span>Your last visit has expired, so this is a fresh start.</span>
          <button type="button" className="button button-quiet" onClick={onDismissNotice}>
            OK
          </button>
        </p>
      )}
    </div>
  );
}
