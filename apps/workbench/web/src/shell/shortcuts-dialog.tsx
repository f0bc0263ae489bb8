import type { ReactNode } from 'react';
import { Modal } from '../parts/modal.tsx';
import { AREAS } from './areas.ts';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['1', '…', String(AREAS.length)], `The areas, from ${AREAS[0].title} to ${AREAS.at(-1)?.title ?? ''}`],
  [['↑', '↓'], 'The row before, the next one; Home and End for the first and the last'],
  [['a'], 'Approve the issue or message that is chosen'],
  [['x'], 'Reject it'],
  [['s'], 'Skip it'],
  [['/'], 'Search memory'],
  [['r'], 'Refresh: read everything again'],
  [['?'], 'This list'],
];

export interface ShortcutsDialogProps {
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
  readonly onClose: () => void;
}

export function ShortcutsDialog({ isOn, onTurn, onClose }: ShortcutsDialogProps): ReactNode {
  return (
    <Modal onClose={onClose} labelledBy="shortcuts-heading">
      <h2 id="shortcuts-heading">Keys</h2>
      <dl className="shortcuts">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={(event) => onTurn(event.target.checked)} />
        Keys of one letter or digit work
      </label>
      <div className="dialog-actions">
        <button type="button" className="button button-main" onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  );
}
