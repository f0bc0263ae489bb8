import { useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { checkMessage, LENGTH_SHOWN_FROM, MAX_MESSAGE_LENGTH } from './message-check.ts';

export interface ComposerProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** A reply is being spoken, and can be stopped. */
  readonly isSpeaking: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

/** Where the customer types: Enter sends, Shift+Enter starts a new line. */
export function Composer({ field, isSpeaking, onSend, onStop }: ComposerProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [wasEmpty, setWasEmpty] = useState(false);
  const check = checkMessage(typed);
  const isTooLong = !check.isFit && check.reason === 'too-long';

  const submit = (): void => {
    setWasEmpty(!check.isFit && check.reason === 'empty');
    if (check.isFit) {
      setTyped('');
      onSend(check.text);
    }
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!event.repeat) submit(); // a key held down is one wish
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <output id="composer-hint" className="composer-hint" htmlFor="composer-field" data-refusal={isTooLong}>
        {hintFor(typed.trim().length, wasEmpty)}
      </output>
      <label className="visually-hidden" htmlFor="composer-field">
        Message to Maya
      </label>
      <textarea
        id="composer-field"
        ref={field}
        rows={1}
        value={typed}
        placeholder="Your message"
        enterKeyHint="send"
        autoComplete="off"
        aria-describedby="composer-hint"
        aria-invalid={isTooLong}
        onChange={(event) => {
          setTyped(event.target.value);
          setWasEmpty(false);
        }}
        onKeyDown={onKeyDown}
      />
      {isSpeaking && (
        <button
          type="button"
          className="button"
          onClick={() => {
            onStop();
            field.current?.focus(); // the button goes away
          }}
        >
          Stop
        </button>
      )}
      <button type="submit" className="button button-main" aria-disabled={!check.isFit}>
        Send
      </button>
    </form>
  );
}

function hintFor(length: number, wasEmpty: boolean): string {
  const count = `${length.toLocaleString('en-US')} of ${MAX_MESSAGE_LENGTH.toLocaleString('en-US')} characters`;
  if (length > MAX_MESSAGE_LENGTH) return `${count}. Please shorten your message to send it.`;
  if (length >= LENGTH_SHOWN_FROM) return count;
  return wasEmpty ? 'Type a message first.' : '';
}
