import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { StateManager, type StateHandle } from 'holdfast';
import { memory } from 'holdfast/memory';
import { Tally } from '../bench-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

const CHANNELS = ['holdfast:commit', 'holdfast:load', 'holdfast:conflict', 'holdfast:effect', 'holdfast:lease'];

/** Commits in memory, where the engine's own work is all there is. */
function side(name: string, options: { readonly listening: boolean }): BenchSide {
  let state: StateManager | undefined;
  let tally: StateHandle<{ count: number; label: string }> | undefined;
  let heard = 0;
  const listener = (): void => {
    heard += 1;
  };
  return {
    name,
    open: async () => {
      state = await StateManager.open({ store: memory() });
      tally = await state.conversation('anna').get(Tally);
    },
    round: async ({ quick }) => {
      const commits = quick ? 1_000 : 10_000;
      if (options.listening) for (const channel of CHANNELS) subscribe(channel, listener);
      const start = performance.now();
      for (let done = 0; done < commits; done++) await tally!.update((draft) => void (draft.count += 1));
      const perSecond = (commits * 1_000) / (performance.now() - start);
      for (const channel of CHANNELS) unsubscribe(channel, listener);
      if (heard < commits && options.listening) throw new Error(`The listener heard ${heard} of ${commits} commits.`);
      return perSecond;
    },
    close: async () => {
      await state?.close();
    },
  };
}

/** What it costs that somebody listens on the diagnostics channels; that nobody does costs one look at each. */
export const question: BenchQuestion = {
  title: 'commits in memory, nobody listening',
  unit: 'per second',
  sides: [side('nobody listens', { listening: false }), side('commits are listened to', { listening: true })],
};
