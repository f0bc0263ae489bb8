import { parentPort, workerData } from 'node:worker_threads';
import { readIcs, type ReadIcsOptions } from './read-ics.ts';

/** What the thread says: which series it is about to expand, and in the end what it found or why it could not. */
export type IcsMessage = { readonly series: string } | { readonly events: ReturnType<typeof readIcs> } | { readonly fault: string };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread's port has no origin.
const say = (message: IcsMessage): void => parentPort?.postMessage(message);

try {
  say({ events: readIcs({ ...(workerData as ReadIcsOptions), onSeries: (series) => say({ series }) }) });
} catch (error) {
  say({ fault: error instanceof Error ? error.message : String(error) });
}
