import type { ReactNode } from 'react';
import { countdownWords } from '../../../client/time-words.ts';
import { useNow } from '../live/use-now.ts';

/** How long until something starts, every second anew; a screen reader is not told each time. */
export function Countdown({ start }: { readonly start: string }): ReactNode {
  const now = useNow(1_000);
  return (
    <time className="countdown" dateTime={start} title={new Date(start).toLocaleString()}>
      {countdownWords(start, now)}
    </time>
  );
}
