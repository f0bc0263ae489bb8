import { useState, type SubmitEvent, type ReactNode } from 'react';
import { Modal } from './modal.tsx';

const MAX_REASON = 500;

export interface ReasonDialogProps {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly isNeeded: boolean;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}

/** Asks why before something is passed over or turned down. */
export function ReasonDialog({ title, action, isNeeded, onClose, onReason }: ReasonDialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (isNeeded && reason.trim() === '') return setMissing(true);
    onReason(reason.trim());
    onClose();
  };
  return (
    <Modal onClose={onClose} labelledBy="reason-heading">
      <form className="form" onSubmit={submit}>
        <h2 id="reason-heading">{title}</h2>
        <label className="field">
          <span>{isNeeded ? 'Why' : 'Why (may stay empty)'}</span>
          <textarea
            rows={3}
            maxLength={MAX_REASON}
            value={reason}
            aria-invalid={isMissing}
            aria-describedby={isMissing ? 'reason-problem' : undefined}
            onChange={(event) => {
              setReason(event.target.value);
              setMissing(false);
            }}
          />
        </label>
        <p id="reason-problem" className="field-problem" role="alert">
          {isMissing && 'Say why, so that others know later.'}
        </p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-main">
            {action}
          </button>
        </div>
      </form>
    </Modal>
  );
}
