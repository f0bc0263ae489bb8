import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useRoving } from './roving.ts';

export interface RowListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
  /** What the row shows. It stands in a button: text and signs only. */
  readonly renderRow: (item: T) => ReactNode;
  /** Buttons beside it. */
  readonly renderActions?: (item: T) => ReactNode;
  /** What is below it when it is open. */
  readonly renderDetail: (item: T) => ReactNode;
  /** What keys do on a row. */
  readonly onKey?: (key: string, item: T) => boolean;
}

/** Rows that open where they stand. One stop of the Tab key and the arrow keys lead through them. */
export function RowList<T>({ label, items, idOf, renderRow, renderActions, renderDetail, onKey }: RowListProps<T>): ReactNode {
  const base = useId();
  const [openId, setOpenId] = useState<string | null>(null);
  const { container, place } = useRoving(items.length);
  const onRowKey = (event: KeyboardEvent, item: T): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onKey?.(event.key, item)) event.preventDefault();
  };
  return (
    <ul className="rows" aria-label={label} {...container}>
      {items.map((item, index) => {
        const id = idOf(item);
        const isOpen = id === openId;
        const detailId = `${base}-${index}`;
        return (
          <li key={id} data-row="" data-open={isOpen}>
            <div className="row-line">
              <button
                type="button"
                className="row-title"
                aria-expanded={isOpen}
                aria-controls={isOpen ? detailId : undefined}
                onClick={() => setOpenId(isOpen ? null : id)}
                onKeyDown={(event) => onRowKey(event, item)}
                {...place(index)}
              >
                {renderRow(item)}
              </button>
              {renderActions && <div className="row-actions">{renderActions(item)}</div>}
            </div>
            {isOpen && (
              <div id={detailId} className="row-detail">
                {renderDetail(item)}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
