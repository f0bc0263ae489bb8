import { useEffect, useState, type SubmitEvent, type ReactNode } from 'react';
import { stringify } from 'yaml';
import { actions } from '../../../client/actions.ts';
import { useDoing } from '../live/use-doing.ts';
import { useRoving } from '../parts/roving.ts';

interface Found {
  readonly key: string;
  /** Found words stand between `«` and `»`. */
  readonly excerpt: string;
}

interface MemoryDocument {
  readonly key: string;
  readonly file: string;
  readonly content: unknown;
  readonly problem?: string;
}

/** Searches all of memory, and reads what is found. */
export function MemoryArea(): ReactNode {
  const { run } = useDoing();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [keys, setKeys] = useState<readonly string[] | null>(null);
  const [shown, setShown] = useState<MemoryDocument | null>(null);

  useEffect(() => {
    let isHere = true;
    void run(actions.listMemory(), '').then((answer) => {
      if (isHere && answer !== undefined) setKeys((answer as { readonly keys: readonly string[] }).keys);
    });
    return () => {
      isHere = false;
    };
  }, [run]);

  const search = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (query.trim() === '') return setFound(null);
    const answer = await run(actions.searchMemory(query), '');
    if (answer === undefined) return;
    setShown(null);
    setFound((answer as { readonly hits: readonly Found[] }).hits);
  };
  const read = async (key: string): Promise<void> => {
    const answer = await run(actions.readMemory(key), '');
    if (answer !== undefined) setShown(answer as MemoryDocument);
  };

  return (
    <div className="memory">
      <section className="panel" aria-label="Documents">
        <search>
          <form className="search" onSubmit={(event) => void search(event)}>
            <label htmlFor="memory-search" className="visually-hidden">
              Search memory
            </label>
            <input
              id="memory-search"
              type="search"
              placeholder="Words, or “words in a row”"
              maxLength={1_000}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                if (event.target.value === '') setFound(null);
              }}
            />
            <button type="submit" className="button button-main">
              Search
            </button>
          </form>
        </search>
        <output className="visually-hidden">{shown ? `${shown.key} is shown.` : found && `${found.length} documents have that.`}</output>
        {found?.length === 0 && <p className="empty">No document has all of these words. Try fewer, or the beginning of one.</p>}
        {!found && keys?.length === 0 && (
          <p className="empty">
            Memory is empty. Agents write to it by the tools of <code>holdfast-workbench mcp</code>, and you by files below{' '}
            <code>memory/</code>.
          </p>
        )}
        <DocumentList
          entries={found ?? keys?.map((key) => ({ key, excerpt: '' })) ?? []}
          shown={shown?.key}
          onRead={(key) => void read(key)}
        />
      </section>
      <section className="panel" aria-label="Document">
        {shown ? <ShownDocument document={shown} /> : <p className="empty">Choose a document to read it.</p>}
      </section>
    </div>
  );
}

interface DocumentListProps {
  readonly entries: readonly Found[];
  readonly shown: string | undefined;
  readonly onRead: (key: string) => void;
}

function DocumentList({ entries, shown, onRead }: DocumentListProps): ReactNode {
  const { container, place } = useRoving(entries.length);
  return (
    <ul className="documents" {...container}>
      {entries.map(({ key, excerpt }, index) => (
        <li key={key}>
          <button type="button" className="document-link" aria-current={key === shown} onClick={() => onRead(key)} {...place(index)}>
            <span className="key">{key}</span>
            {excerpt !== '' && <Excerpt text={excerpt} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Excerpt({ text }: { readonly text: string }): ReactNode {
  // Every second piece is between the marks.
  return (
    <span className="excerpt">
      {text.split(/[«»]/).map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece))}
    </span>
  );
}

function ShownDocument({ document: { key, file, content, problem } }: { readonly document: MemoryDocument }): ReactNode {
  return (
    <>
      <div className="panel-head">
        <h2 className="text">{key}</h2>
        <span className="muted">{file}</span>
      </div>
      {problem !== undefined && (
        <p className="failure">
          <span aria-hidden="true">■ </span>
          {problem}
        </p>
      )}
      <pre className="document">{typeof content === 'string' ? content : stringify(content)}</pre>
    </>
  );
}
