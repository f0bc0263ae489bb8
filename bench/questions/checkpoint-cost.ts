import { StateManager, type EntityHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { BenchDirectory, Tally } from '../bench-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

/** A conversation whose state is so large, with checkpoints made one after the other. */
function checkpoints(characters: number): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const directory = new BenchDirectory();
  let state: StateManager | undefined;
  let conversation: EntityHandle<'conversation'> | undefined;
  let made = 0;
  return {
    open: async () => {
      state = await StateManager.open({ store: sqlite(directory.file('bench.db')) });
      conversation = state.conversation('large');
      const tally = await conversation.get(Tally);
      await tally.set({ count: 0, label: 'x'.repeat(characters) });
    },
    round: async ({ quick }) => {
      const times = quick ? 50 : 300;
      const start = performance.now();
      for (let done = 0; done < times; done++) await conversation!.checkpoint(`c-${made++}`);
      return (performance.now() - start) / times;
    },
    close: async () => {
      await state?.close();
      directory.remove();
    },
  };
}

/** A checkpoint costs a row, whatever it names. */
export const question: BenchQuestion = {
  title: 'a checkpoint of 1 MB',
  unit: 'ms',
  sides: [
    { name: 'of 1 MB', ...checkpoints(1_000_000) },
    { name: 'of 1 kB', target: { atMost: 1.6 }, ...checkpoints(1_000) },
  ],
};
