import { useId, type ReactNode } from 'react';
import type { SourceView } from '../../../client/views.ts';
import { Moment } from './moment.tsx';

export interface PanelProps<T> {
  readonly title: string;
  readonly source: SourceView<T>;
  /** Whether there is anything to show. */
  readonly isEmpty: (value: T) => boolean;
  /** What to do where there is nothing. */
  readonly empty: ReactNode;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: (value: T) => ReactNode;
}

/** What comes from one source: its failure is shown in its place, above what it said last. */
export function Panel<T>({ title, source, isEmpty, empty, aside, children }: PanelProps<T>): ReactNode {
  const id = useId();
  const { value, status } = source;
  return (
    <section className="panel" aria-labelledby={id} aria-busy={status === 'loading'}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {status === 'failed' && <SourceFailure source={source} />}
      {value === null && status === 'loading' && <p className="empty">Reading…</p>}
      {value !== null && (isEmpty(value) ? <div className="empty">{empty}</div> : children(value))}
    </section>
  );
}

function SourceFailure({ source: { reason, readAt } }: { readonly source: SourceView<unknown> }): ReactNode {
  return (
    <div className="failure">
      <p>
        <span aria-hidden="true">■ </span>
        <strong>This cannot be read.</strong> {reason}
      </p>
      {readAt !== null && (
        <p className="muted">
          Below is what was read <Moment at={readAt} />.
        </p>
      )}
    </div>
  );
}
