import { useLayoutEffect, useRef, type ReactNode } from 'react';

export interface ModalProps {
  /** Also by the Escape key. */
  readonly onClose: () => void;
  /** The id of its heading. */
  readonly labelledBy: string;
  readonly children: ReactNode;
}

/** A dialog over the page while it is rendered. It keeps the keyboard inside and gives it back to where it was. */
export function Modal({ onClose, labelledBy, children }: ModalProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  // It must be closed while it still stands in the page, or the keyboard is nowhere.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={labelledBy} onCancel={onClose}>
      {children}
    </dialog>
  );
}
