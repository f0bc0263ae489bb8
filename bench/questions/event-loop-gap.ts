import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { BenchDirectory, BenchTallies, writersAtOnce } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

const WRITERS = 64;
/** What one batch of them puts into the log: a page for each row that is touched, about. */
const BYTES = WRITERS * 4_096;

const tallies = new BenchTallies();
const directory = new BenchDirectory();
let file = -1;

/** The longest time between two turns of the event loop while the work goes on. */
async function longestGapMs(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let last = performance.now();
  let isWorking = true;
  const turn = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (isWorking) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isWorking = false;
  return longestMs;
}

/** How long everything else of a process waits at most while 64 writers commit: one batch, its synchronisation with the disk included. */
export const question: BenchQuestion = {
  title: 'longest event-loop gap under 64 writers',
  unit: 'ms',
  atMost: 20,
  sides: [
    {
      name: 'holdfast on SQLite',
      open: () => tallies.open(WRITERS),
      round: ({ quick }) => longestGapMs(() => writersAtOnce(tallies, quick ? 10 : 50)),
      close: () => tallies.close(),
    },
    {
      name: 'longest append + fdatasync of as much',
      open: () => {
        file = openSync(directory.file('raw'), 'a');
      },
      round: ({ quick }) => {
        const elapsedMs = Array.from({ length: quick ? 10 : 50 }, () => {
          const start = performance.now();
          writeSync(file, Buffer.alloc(BYTES));
          fdatasyncSync(file);
          return performance.now() - start;
        });
        return Math.max(...elapsedMs);
      },
      close: () => {
        closeSync(file);
        directory.remove();
      },
    },
  ],
};
