import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { StateManager, type StateHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { BenchDirectory, Tally } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

/** More than stay in memory when nobody holds them. */
const USED_BEFORE = 1_200;
const AT_ONCE = 64;

const directory = new BenchDirectory();
let state: StateManager | undefined;
let tallies: readonly StateHandle<{ count: number; label: string }>[] = [];
let made = 0;
let before = 0;

async function update(times: number): Promise<void> {
  for (let done = 0; done < times; done += AT_ONCE)
    await Promise.all(tallies.map((tally) => tally.update((draft) => void (draft.count += 1))));
}

/** Conversations that are written to once and let go of. */
async function leaveIdle(count: number): Promise<void> {
  for (const end = made + count; made < end;)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, end - made) }, async () => {
        const tally = await state!.conversation(`idle-${(made += 1)}`).get(Tally);
        await tally.update((draft) => void (draft.count += 1));
      }),
    );
}

/** What is left when everything was collected: what goes with a collected object goes in a turn of its own. */
async function heldBytes(): Promise<number> {
  for (let times = 0; times < 4; times += 1) {
    globalThis.gc?.();
    await nextLoopTurn();
  }
  return process.memoryUsage().heapUsed;
}

/** The figure of the middle round is that after 100,000 updates and 10,000 conversations; with `--quick` a tenth of both. */
export const question: BenchQuestion = {
  title: 'heap after 100,000 updates and 10,000 idle conversations',
  unit: 'bytes',
  sides: [
    {
      name: 'after them',
      open: async () => {
        state = await StateManager.open({ store: sqlite(directory.file('bench.db')) });
        tallies = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => state!.conversation(`c-${index}`).get(Tally)));
        await leaveIdle(USED_BEFORE);
        await update(USED_BEFORE);
        before = await heldBytes();
      },
      round: async ({ quick }) => {
        await update(quick ? 4_000 : 20_000);
        await leaveIdle(quick ? 400 : 2_000);
        return await heldBytes();
      },
      close: async () => {
        await state?.close();
        directory.remove();
      },
    },
    { name: 'before them', target: { atMost: 1.05 }, round: () => before },
  ],
};
