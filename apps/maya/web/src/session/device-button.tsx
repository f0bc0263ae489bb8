import { useState, type ReactNode } from 'react';
import { CopyButton } from '../chat/copy-button.tsx';
import { Modal } from '../keys/modal.tsx';
import { linkDevice, NOT_REACHED, RefusedError } from './server-calls.ts';

/** Gives a link by which the session is continued on another device. */
export function DeviceButton(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<{ readonly link: string } | { readonly problem: string }>();
  const open = (): void => {
    setMade(undefined);
    setOpen(true);
    linkDevice().then(
      (link) => setMade({ link }),
      (error: unknown) => setMade({ problem: (error instanceof RefusedError ? error.answer : NOT_REACHED).message }),
    );
  };
  const close = (): void => setOpen(false);
  return (
    <>
      <button type="button" className="button button-quiet" onClick={open}>
        Device
        <span className="visually-hidden">: continue on another one</span>
      </button>
      <Modal isOpen={isOpen} onClose={close} labelledBy="device-heading">
        <h2 id="device-heading">Continue on another device</h2>
        <p>
          Open this link there. It works once, within ten minutes; whoever opens it has your order and your tab, so show it to nobody else.
        </p>
        <output className="device-link">
          {made === undefined && 'One moment…'}
          {made && 'problem' in made && made.problem}
          {made && 'link' in made && (
            <>
              <code>{made.link}</code>
              <CopyButton text={made.link} what="the link" />
            </>
          )}
        </output>
        <div className="dialog-actions">
          <button type="button" className="button button-main" onClick={close}>
            Done
          </button>
        </div>
      </Modal>
    </>
  );
}
