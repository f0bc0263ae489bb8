import { useState, type SubmitEvent, type ReactNode } from 'react';
import type { ErrorAnswer, KeysRequest, KeySource, KeysView } from '../../../server/http/contract.ts';
import { Modal } from './modal.tsx';

export interface KeyFormProps {
  readonly isOpen: boolean;
  readonly keys: KeysView;
  readonly onClose: () => void;
  /** Resolve with why it did not happen, or null when it did. */
  readonly onSave: (form: KeysRequest) => Promise<ErrorAnswer | null>;
  readonly onRemove: () => Promise<ErrorAnswer | null>;
}

const SOURCES: Readonly<Record<KeySource, string>> = {
  session: 'Yours is in use.',
  server: 'The bar has one of its own.',
  none: 'None is set.',
  unreadable: 'Yours can no longer be read. Please enter it again.',
};

/** The visitor's own keys. They are sent once and never shown again. */
export function KeyForm({ isOpen, onClose, ...rest }: KeyFormProps): ReactNode {
  return (
    <Modal isOpen={isOpen} onClose={onClose} labelledBy="keys-heading">
      <Fields onClose={onClose} {...rest} />
    </Modal>
  );
}

function Fields({ keys, onClose, onSave, onRemove }: Omit<KeyFormProps, 'isOpen'>): ReactNode {
  const [problem, setProblem] = useState<ErrorAnswer | null>(null);
  const [isAsking, setAsking] = useState(false);

  const ask = async (call: () => Promise<ErrorAnswer | null>): Promise<void> => {
    setAsking(true);
    const refused = await call();
    setAsking(false);
    setProblem(refused);
    if (!refused) onClose();
  };
  const save = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const textOf = (name: string): string => (form.get(name) as string).trim();
    void ask(() => onSave({ gemini: textOf('gemini'), cartesia: textOf('cartesia') }));
  };
  const hasOwn = [keys.gemini, keys.cartesia].some((source) => source === 'session' || source === 'unreadable');

  return (
    <form className="key-form" onSubmit={save} aria-busy={isAsking}>
      <h2 id="keys-heading">Your keys</h2>
      <p>
        {keys.isGeminiNeeded
          ? 'This bar needs your own Gemini key. '
          : 'Maya works without keys. With a Gemini key she talks through Gemini. '}
        Keys are checked, then stored encrypted for this visit only.
      </p>
      <KeyField
        name="gemini"
        label="Gemini key"
        source={keys.gemini}
        hint="Make one at aistudio.google.com/apikey and paste it here."
        problem={problem?.field === 'gemini' ? problem : null}
      />
      <KeyField
        name="cartesia"
        label="Cartesia key (optional)"
        source={keys.cartesia}
        hint="For Maya’s voice. Make one at play.cartesia.ai/keys."
        problem={problem?.field === 'cartesia' ? problem : null}
      />
      <div role="alert">{problem && <p className="key-problem">{problem.message}</p>}</div>
      <div className="dialog-actions">
        {hasOwn && (
          <button type="button" className="button button-quiet" disabled={isAsking} onClick={() => void ask(onRemove)}>
            Remove my keys
          </button>
        )}
        <button type="button" className="button button-quiet" onClick={onClose}>
          Close
        </button>
        <button type="submit" className="button button-main" disabled={isAsking}>
          {isAsking ? 'Checking…' : 'Check and save'}
        </button>
      </div>
    </form>
  );
}

interface KeyFieldProps {
  readonly name: 'gemini' | 'cartesia';
  readonly label: string;
  readonly source: KeySource;
  readonly hint: string;
  readonly problem: ErrorAnswer | null;
}

function KeyField({ name, label, source, hint, problem }: KeyFieldProps): ReactNode {
  return (
    <div className="key-field">
      <label htmlFor={`key-${name}`}>{label}</label>
      <input
        id={`key-${name}`}
        name={name}
        type="password"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        aria-describedby={`key-${name}-hint`}
        aria-invalid={problem !== null}
      />
      <p id={`key-${name}-hint`} className="key-hint">
        {SOURCES[source]} {hint}
      </p>
    </div>
  );
}
