import type { ReactNode } from 'react';
import type { PageState } from './page-state.ts';

export interface BannersProps {
  readonly connection: PageState['connection'];
  readonly notice: PageState['notice'];
  readonly onDismissNotice: () => void;
  readonly keys: PageState['keys'];
  readonly onEnterKey: () => void;
}

const isUnreadable = (keys: PageState['keys']): boolean => keys?.gemini === 'unreadable' || keys?.cartesia === 'unreadable';

/** What the visitor should know about the session as a whole. */
export function Banners({ connection, notice, onDismissNotice, keys, onEnterKey }: BannersProps): ReactNode {
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
      {(keys?.isGeminiNeeded || isUnreadable(keys)) && (
        <p className="banner">
          <span>{isUnreadable(keys) ? 'A key of yours can no longer be read.' : 'This bar needs your own Gemini key.'}</span>
          <button type="button" className="button button-quiet" onClick={onEnterKey}>
            Enter key
          </button>
        </p>
      )}
    </div>
  );
}
