import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import type { Commit, Store } from 'holdfast/store';

/** Ways to be wrong that the histories must show. */
export type Break = 'reads unchecked' | 'refusals acknowledged' | 'repeats applied twice';

/** A SQLite store with one thing broken. */
export function brokenStore(path: string, how: Break): Store {
  const store = sqlite(path);
  const commit = store.commit.bind(store);
  switch (how) {
    case 'reads unchecked':
      store.commit = async (batch) => {
        // Time for the other process to change what was read.
        await sleep(5);
        return await commit(batch.map(withoutReads));
      };
      break;
    case 'refusals acknowledged':
      store.commit = async (batch) => {
        const result = await commit(batch);
        if (result.ok || result.refusal.kind !== 'conflict') return result;
        const { seq } = await store.log(0, {}, 1_000_000);
        return { ok: true, now: await store.now(), created: [], seqs: batch.map(() => seq) };
      };
      break;
    case 'repeats applied twice': {
      let commits = 0;
      store.commit = async (batch) => {
        const result = await commit(batch.map((each) => ({ ...each, commitId: randomUUID() })));
        if ((commits += 1) % 5 > 0 || !result.ok) return result;
        throw new HoldfastError('STORE_UNAVAILABLE', 'The reply was lost.', { store: store.name, outcome: 'unknown' });
      };
    }
  }
  return store;
}

function withoutReads(commit: Commit): Commit {
  const isWritten = ({ eid, state }: Commit['expects'][number]): boolean =>
    commit.changes.some((change) => change.eid === eid && change.state === state);
  return { ...commit, expects: commit.expects.filter(isWritten) };
}
