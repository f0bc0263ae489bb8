import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';

export interface QuotaOverlayProps {
  readonly isOpen: boolean;
  readonly onDismiss: () => void;
  readonly onEnterKey: () => void;
}

/** What to do when the model's quota is used up. */
export function QuotaOverlay({ isOpen, onDismiss, onEnterKey }: QuotaOverlayProps): ReactNode {
  return (
    <Modal isOpen={isOpen} onClose={onDismiss} labelledBy="quota-heading">
      <h2 id="quota-heading">The quota is used up</h2>
      <p>Gemini takes no more requests with this key for now. Your order and your tab are as they were. You can</p>
      <ul className="remedies">
        <li>wait a minute and send your message again: most limits are by the minute,</li>
        <li>look at your plan and its limits at aistudio.google.com/usage,</li>
        <li>enter another key, or remove yours and go on without Gemini.</li>
      </ul>
      <div className="dialog-actions">
        <button type="button" className="button button-quiet" onClick={onEnterKey}>
          Change keys
        </button>
        <button type="button" className="button button-main" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </Modal>
  );
}
