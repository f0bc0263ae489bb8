import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import repository from '../../package.json' with { type: 'json' };
import { BenchDirectory } from '../bench-state.ts';
import { quantile } from '../quantile.ts';
import type { BenchQuestion } from '../question.ts';

const GUESTS = 100;
/** As fast as the limit of a session lets a guest talk: ten messages a minute. */
const EVERY_MS = 6_000;
const TURN_MS = EVERY_MS / GUESTS;
/** A bar that has been open for a while: most of what V8 compiles for a turn, it compiles within the first thousand. */
const WARM_UP = { passes: 10, everyMs: 600 };
/** The guest's message, the order, the reply. */
const COMMITS = 3;
const PAGE = Buffer.alloc(4_096);
const PROGRAM = join(import.meta.dirname, '../../apps/maya/test/support/turn-load-main.ts');
/** As `npm start` gives them to V8. */
const V8_OPTIONS = repository.scripts.start.split(' ').filter((word) => word.startsWith('--'));

const directory = new BenchDirectory();
const rounds: Promise<Round>[] = [];
let bar: ChildProcess | undefined;
let file = -1;

/** How long each turn took, and each turn's part of the disk, in ms. */
interface Round {
  readonly turns: readonly number[];
  readonly disk: readonly number[];
}

/**
 * Maya's turns without the model's time, at 100 sessions at once, against the disk's part of them: as many synchronised pages at the same pace.
 * The two take turns within a round, the pages half a pause after each turn: a bar that rested while the other side is measured would not be as busy
 * as it is asked to be.
 */
export const question: BenchQuestion = {
  title: `a turn of Maya without the model, ${GUESTS} sessions at once, p99`,
  unit: 'ms',
  atMost: 10,
  rounds: 5,
  sides: [
    {
      name: 'maya on SQLite, synced',
      open: async () => {
        bar = fork(PROGRAM, [directory.path, String(GUESTS)], { execArgv: [...process.execArgv, ...V8_OPTIONS] });
        await once(bar, 'message');
        await turns(WARM_UP);
      },
      round: p99Of('turns'),
      close: async () => {
        const ended = once(bar!, 'exit');
        bar!.disconnect();
        await ended;
      },
    },
    {
      name: `${COMMITS} × append + fdatasync`,
      open: () => {
        file = openSync(directory.file('raw'), 'a');
      },
      round: p99Of('disk'),
      close: () => {
        closeSync(file);
        directory.remove();
      },
    },
  ],
};

/** Both sides' nth round is the same one; whichever side is asked first measures it. */
function p99Of(side: keyof Round): BenchQuestion['sides'][number]['round'] {
  let nth = 0;
  return async ({ quick }) => {
    const round = await (rounds[nth++] ??= measureBoth(quick ? 1 : 2));
    return quantile(round[side], 0.99);
  };
}

async function measureBoth(passes: number): Promise<Round> {
  const [took, disk] = await Promise.all([turns({ passes, everyMs: EVERY_MS }), pagesBetween(passes * GUESTS)]);
  return { turns: took, disk };
}

async function turns(load: { readonly passes: number; readonly everyMs: number }): Promise<readonly number[]> {
  const answered = once(bar!, 'message') as Promise<[{ took?: readonly number[]; error?: string }]>;
  bar!.send(load);
  const [{ took, error }] = await answered;
  if (!took) throw new Error(error);
  return took;
}

async function pagesBetween(count: number): Promise<readonly number[]> {
  const start = performance.now() + TURN_MS / 2;
  const took: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    await sleep(Math.max(0, start + turn * TURN_MS - performance.now()));
    const began = performance.now();
    for (let commit = 0; commit < COMMITS; commit++) {
      writeSync(file, PAGE);
      fdatasyncSync(file);
    }
    took.push(performance.now() - began);
  }
  return took;
}
