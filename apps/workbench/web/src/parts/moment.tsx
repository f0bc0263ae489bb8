import type { ReactNode } from 'react';
import { agoWords } from '../../../client/time-words.ts';
import { useNow } from '../live/use-now.ts';

const EVERY_MS = 15_000;

/** A time as seen from now; the exact one is its title. */
export function Moment({ at, otherwise = '–' }: { readonly at: string | null; readonly otherwise?: string }): ReactNode {
  const now = useNow(EVERY_MS);
  const words = agoWords(at, now);
  if (at === null || words === '') return <span className="muted">{otherwise}</span>;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {words}
    </time>
  );
}
