import { StateManager, type StateHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { emptyCommit, type Commit } from 'holdfast/store';
import { BenchDirectory, Tally } from '../bench-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

const VERSIONS = 100;

/** A conversation of 100 commits, asked who changed it, among so many commits of others. */
function blame(others: number): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const directory = new BenchDirectory();
  let state: StateManager | undefined;
  let tally: StateHandle<{ count: number; label: string }> | undefined;
  return {
    open: async () => {
      const store = sqlite(directory.file('bench.db'));
      state = await StateManager.open({ store });
      tally = await state.conversation('one').get(Tally);
      for (let version = 0; version < VERSIONS; version++) {
        await tally.update((draft) => void (draft.count += 1));
        await write(others / VERSIONS, `other ${version}`, (batch) => store.commit(batch));
      }
    },
    round: async ({ quick }) => {
      const times = quick ? 5 : 50;
      const start = performance.now();
      for (let done = 0; done < times; done++) {
        const found = await tally!.blame(['count']);
        if (found?.version !== VERSIONS) throw new Error(`version ${found?.version} was blamed`);
      }
      return (performance.now() - start) / times;
    },
    close: async () => {
      await state?.close();
      directory.remove();
    },
  };
}

/** So many commits on a conversation of their own, in one batch. */
async function write(commits: number, id: string, commit: (batch: readonly Commit[]) => Promise<unknown>): Promise<void> {
  if (commits === 0) return;
  const batch = Array.from({ length: commits }, (_, index): Commit => ({
    ...emptyCommit(),
    ...(index === 0 && { creates: [{ ref: -1, scope: 'conversation', id }] }),
    changes: [{ eid: -1, state: 'tally', version: index + 1, defVersion: 1, kind: 'full', body: '{"count":1,"label":"x"}' }],
  }));
  await commit(batch);
}

/** What is known of one conversation costs what it has, not what the store has. */
export const question: BenchQuestion = {
  title: 'blame of a 100-version state',
  unit: 'ms',
  sides: [
    { name: 'among 100,000 commits', ...blame(100_000) },
    { name: 'alone in the store', target: { atMost: 1.5 }, ...blame(0) },
  ],
};
