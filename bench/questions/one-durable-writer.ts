import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { BenchDirectory, BenchTallies } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

/** What the engine's commit puts into the log: about one WAL frame per touched page. */
const BYTES = 4_096;
/** Of each round, a quick one too: less would show what V8 has not compiled yet. */
const COMMITS = 1_000;

const tallies = new BenchTallies();
const directory = new BenchDirectory();
let file = -1;

async function perSecond(commits: number, commit: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < commits; done++) await commit();
  return (commits * 1_000) / (performance.now() - start);
}

/** One writer whose every commit survives a power cut, against appending and syncing a page by hand. */
export const question: BenchQuestion = {
  title: 'one writer, durable commits',
  unit: 'per second',
  sides: [
    {
      name: 'holdfast on SQLite',
      open: () => tallies.open(1),
      round: () => perSecond(COMMITS, () => tallies.add(0)),
      close: () => tallies.close(),
    },
    {
      name: 'append + fdatasync',
      target: { atLeast: 0.75 },
      open: () => {
        file = openSync(directory.file('raw'), 'a');
      },
      round: () =>
        perSecond(COMMITS, () => {
          writeSync(file, Buffer.alloc(BYTES));
          fdatasyncSync(file);
        }),
      close: () => {
        closeSync(file);
        directory.remove();
      },
    },
  ],
};
