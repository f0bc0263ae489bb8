import { setTimeout as sleep } from 'node:timers/promises';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { BenchDirectory } from '../bench-state.ts';
import { addConversations } from '../conversations.ts';
import type { BenchLine, BenchQuestion, BenchSide } from '../question.ts';

const EXPIRED = 100;
const FEW = 1_000;
const MANY = { quick: 20_000, whole: 100_000 };

/** A SQLite store of so many conversations of 2 kB. */
class SweptConversations {
  readonly #directory = new BenchDirectory();
  #store: Store | undefined;
  #state: StateManager | undefined;
  #count = 0;

  async grow(to: number): Promise<void> {
    this.#store ??= sqlite(this.#directory.file('bench.db'));
    this.#state ??= await StateManager.open({ store: this.#store, sweepEveryMs: 0, effectScanEveryMs: 60_000 });
    while (this.#count < to) {
      const count = Math.min(1_000, to - this.#count);
      await addConversations(this.#store, { from: this.#count, count });
      this.#count += count;
    }
  }

  /** Deletes 100 more that have just expired; answers the time in ms. */
  async sweep(): Promise<number> {
    await addConversations(this.#store!, { from: 1_000_000_000, count: EXPIRED, ttlMs: 1 });
    await sleep(5);
    const start = performance.now();
    const swept = await this.#state!.sweep({ limit: 1_000 });
    const elapsedMs = performance.now() - start;
    if (swept.length !== EXPIRED) throw new Error(`${swept.length} conversations were swept`);
    return elapsedMs;
  }

  async close(): Promise<void> {
    await this.#state?.close();
    this.#directory.remove();
  }
}

function sweeping(many: boolean): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const conversations = new SweptConversations();
  return {
    open: ({ quick }) => conversations.grow(many ? MANY[quick ? 'quick' : 'whole'] : FEW),
    round: () => conversations.sweep(),
    close: () => conversations.close(),
  };
}

/** The median of seven sweeps at each size, as the store grows. */
async function sweepsByCount(): Promise<BenchLine> {
  const conversations = new SweptConversations();
  const points: [number, number][] = [];
  try {
    for (const count of [FEW, 3_000, 10_000, 30_000, MANY.whole]) {
      await conversations.grow(count);
      const figures: number[] = [];
      for (let turn = 0; turn < 7; turn += 1) figures.push(await conversations.sweep());
      points.push([count, figures.toSorted((a, b) => a - b)[3]!]);
    }
  } finally {
    await conversations.close();
  }
  return { name: 'holdfast on SQLite', points };
}

/** A sweep costs what has expired, not what is there. */
export const question: BenchQuestion = {
  title: 'a sweep that finds 100 expired conversations',
  unit: 'ms',
  rounds: 11,
  sides: [
    { name: 'among 100,000 (quick: 20,000)', ...sweeping(true) },
    { name: 'among 1,000', target: { atMost: 2 }, ...sweeping(false) },
  ],
  growth: {
    name: 'sweep-time',
    title: 'A sweep that finds 100 expired conversations',
    x: 'conversations',
    y: 'ms',
    measure: async () => {
      const line = await sweepsByCount();
      const [[count, ms] = [1, 1]] = line.points;
      return [line, { name: 'if it walked over all (computed)', points: line.points.map(([x]) => [x, (ms * x) / count] as const) }];
    },
  },
};
