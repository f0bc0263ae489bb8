import { useState, type ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import type { FileNote, SourceView } from '../../../client/views.ts';
import { useDoing } from '../live/use-doing.ts';
import { Modal } from '../parts/modal.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { Status } from '../parts/status.tsx';

/** What a person should know of the files. */
export function FilesArea({ source }: { readonly source: SourceView<readonly FileNote[]> }): ReactNode {
  const { run } = useDoing();
  const [givingUp, setGivingUp] = useState<string | null>(null);
  const giveUp = (path: string): void => {
    setGivingUp(null);
    void run(actions.acceptFile(path), `${path} is as it was last good.`);
  };
  return (
    <>
      <Panel
        title="Reports"
        source={source}
        isEmpty={(notes) => notes.length === 0}
        empty={<p>All files can be read and are as they were written. Edit them by hand whenever you like: what you save is taken.</p>}
      >
        {(notes) => (
          <ul className="cards">
            {notes.map((note) => (
              <li key={`${note.path} ${note.kind} ${note.at}`} className="card">
                <div className="card-head">
                  <h3 className="text">
                    <code>
                      {note.path}
                      {note.line !== null && `:${note.line}`}
                    </code>
                  </h3>
                  <Status of={note.kind} />
                </div>
                <p className="text">{note.message}</p>
                <p className="muted">
                  {adviceFor(note)} <Moment at={note.at} />
                </p>
                {isDamaged(note) && (
                  <p>
                    <button type="button" className="button" aria-haspopup="dialog" onClick={() => setGivingUp(note.path)}>
                      Give it up<span className="visually-hidden"> in {note.path}</span>
                    </button>
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {givingUp !== null && (
        <Modal onClose={() => setGivingUp(null)} labelledBy="give-up-heading">
          <h2 id="give-up-heading">Give up what is in the file?</h2>
          <p className="text">The last good version is written over {givingUp}. What stands in it now is lost.</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setGivingUp(null)}>
              Keep it
            </button>
            <button type="button" className="button button-main" onClick={() => giveUp(givingUp)}>
              Give it up
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}

/** A state's file; the configuration is a person's own. */
function isDamaged({ kind, path }: FileNote): boolean {
  return (kind === 'damaged' || kind === 'invalid') && !path.startsWith('/');
}

function adviceFor({ kind, keptAs }: FileNote): string {
  if (kind === 'damaged' || kind === 'invalid') return 'Repair it and save; until then the last good version is read.';
  if (keptAs !== null) return `What could not be taken is kept in ${keptAs}.`;
  return '';
}
