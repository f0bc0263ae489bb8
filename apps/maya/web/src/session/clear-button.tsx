import { useRef, type ReactNode } from 'react';

/** Asks before everything is given up. */
export function ClearButton({ onClear }: { readonly onClear: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => dialog.current?.showModal()}>
        Clear
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="clear-heading" aria-describedby="clear-text">
        <h2 id="clear-heading">Start over?</h2>
        <p id="clear-text">This clears the conversation, the order and the tab. It cannot be undone.</p>
        <form method="dialog" className="dialog-actions">
          <button className="button button-quiet">Keep everything</button>
          <button className="button button-danger" onClick={onClear}>
            Clear everything
          </button>
        </form>
      </dialog>
    </>
  );
}
