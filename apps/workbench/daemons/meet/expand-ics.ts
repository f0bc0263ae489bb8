import { Worker } from 'node:worker_threads';
import type { CalendarEvent } from './calendar.ts';
import type { IcsMessage } from './ics-thread.ts';
import type { ReadIcsOptions } from './read-ics.ts';

const TIME_LIMIT_MS = 5_000;
/** For all of a calendar. */
const LONGEST_MS = 60_000;
/** Series that nobody can expand are left out one by one, so many at most. */
const MOST_LEFT_OUT = 3;

export interface ExpandedIcs {
  readonly events: readonly CalendarEvent[];
  /** UIDs of series that could not be expanded in time. */
  readonly leftOut: readonly string[];
}

/**
 * Reads an iCalendar text in a thread of its own: a rule that somebody sent may take for ever to expand, and must not stop the process, nor hide the other events.
 * @throws {Error} when it is no iCalendar, or too much of it cannot be expanded.
 */
export async function expandIcs(
  options: Omit<ReadIcsOptions, 'onSeries' | 'skipped'>,
  { signal, timeLimitMs = TIME_LIMIT_MS }: { readonly signal: AbortSignal; readonly timeLimitMs?: number },
): Promise<ExpandedIcs> {
  const limits = { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]), timeLimitMs };
  const leftOut: string[] = [];
  for (;;) {
    const found = await attempt({ ...options, skipped: leftOut }, limits);
    if ('events' in found) return { events: found.events, leftOut };
    if (leftOut.length >= MOST_LEFT_OUT) throw new Error(`more than ${MOST_LEFT_OUT} of its series take too long to expand`);
    leftOut.push(found.series);
  }
}

async function attempt(
  options: ReadIcsOptions,
  { signal, timeLimitMs }: { readonly signal: AbortSignal; readonly timeLimitMs: number },
): Promise<{ readonly events: readonly CalendarEvent[] } | { readonly series: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ events: readonly CalendarEvent[] } | { series: string }>();
  const thread = new Worker(new URL('ics-thread.ts', import.meta.url), {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  /** Of the series that is being read. */
  let timer: NodeJS.Timeout | undefined;
  thread.on('message', (message: IcsMessage) => {
    if ('series' in message) {
      const { series } = message;
      clearTimeout(timer);
      timer = setTimeout(() => resolve({ series }), timeLimitMs);
    } else if ('events' in message) resolve(message);
    else reject(new Error(message.fault));
  });
  thread.on('error', reject);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    await thread.terminate();
  }
}
