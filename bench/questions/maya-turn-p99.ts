import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchDirectory } from '../bench-state.ts';
import { quantile } from '../quantile.ts';
import type { BenchQuestion } from '../question.ts';

const GUESTS = 100;
/** As fast as the limit of a session lets a guest talk: ten messages a minute. */
const EVERY_MS = 6_000;
/** The guest's message, the order, the reply. */
const COMMITS = 3;
const PAGE = Buffer.alloc(4_096);
const PROGRAM = join(import.meta.dirname, '../../apps/maya/test/support/turn-load-main.ts');

const directory = new BenchDirectory();
let bar: ChildProcess | undefined;
let file = -1;

/** Maya's turns without the model's time, at 100 sessions at once, against the disk's part of them: as many synchronised pages at the same pace. */
export const question: BenchQuestion = {
  title: `a turn of Maya without the model, ${GUESTS} sessions at once, p99`,
  unit: 'ms',
  atMost: 10,
  rounds: 5,
  sides: [
    {
      name: 'maya on SQLite, synced',
      open: async () => {
        bar = fork(PROGRAM, [directory.path, String(GUESTS), String(EVERY_MS)]);
        await once(bar, 'message');
      },
      round: async ({ quick }) => {
        const answered = once(bar!, 'message') as Promise<[{ took?: number[]; error?: string }]>;
        bar!.send({ passes: quick ? 1 : 2 });
        const [{ took, error }] = await answered;
        if (!took) throw new Error(error);
        return quantile(took, 0.99);
      },
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
      round: async ({ quick }) => {
        const took: number[] = [];
        for (let turn = 0; turn < GUESTS * (quick ? 1 : 2); turn++) {
          await sleep(EVERY_MS / GUESTS);
          const began = performance.now();
          for (let commit = 0; commit < COMMITS; commit++) {
            writeSync(file, PAGE);
            fdatasyncSync(file);
          }
          took.push(performance.now() - began);
        }
        return quantile(took, 0.99);
      },
      close: () => {
        closeSync(file);
        directory.remove();
      },
    },
  ],
};
