import type { ReactNode } from 'react';
import type { FileNote, SourceView } from '../../../client/views.ts';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { Status } from '../parts/status.tsx';

/** What a person should know of the files. */
export function FilesArea({ source }: { readonly source: SourceView<readonly FileNote[]> }): ReactNode {
  return (
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
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function adviceFor({ kind, keptAs }: FileNote): string {
  if (kind === 'damaged' || kind === 'invalid') return 'Repair it and save; until then the last good version is read.';
  if (keptAs !== null) return `What could not be taken is kept in ${keptAs}.`;
  return '';
}
