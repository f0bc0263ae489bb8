import { useEffect, useRef, type ReactNode } from 'react';

export interface ModalProps {
  readonly isOpen: boolean;
  /** Also by the Escape key. */
  readonly onClose: () => void;
  /** The id of its heading. */
  readonly labelledBy: string;
  readonly children: ReactNode;
}

/** A dialog over the page, which keeps the keyboard inside and gives it back when it closes. Its content starts anew whenever it opens. */
export function Modal({ isOpen, onClose, labelledBy, children }: ModalProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={labelledBy} onClose={onClose}>
      {isOpen && children}
    </dialog>
  );
}
