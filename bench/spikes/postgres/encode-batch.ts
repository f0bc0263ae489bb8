import type { Commit } from 'holdfast/store';

/**
 * A batch as `holdfast_commit` takes it: JSON by kind of row, each with `n`, the place of its commit in the batch, so that the
 * function reads each kind once for the whole batch.
 */
export function encodeBatch(batch: readonly Commit[]): string {
  let traced = 0;
  return JSON.stringify({
    synced: batch.some(({ durability }) => durability === 'synced'),
    // Seqs are counted from the store's newest one; 0 for a commit that leaves no trace.
    commits: batch.map((commit, n) => ({
      n,
      commitId: commit.commitId,
      meta: JSON.stringify(commit.meta),
      seq: leavesTrace(commit) ? ++traced : 0,
    })),
    entities: batch.flatMap((commit, n) => [...namedEntities(commit)].map((eid) => ({ n, eid }))),
    versions: batch.flatMap(({ expects, changes }, n) => [
      ...expects.map((expectation) => ({ n, ...expectation })),
      ...changes.map(({ eid, state, version }) => ({ n, eid, state, made: version })),
    ]),
    changes: batch.flatMap(({ changes }, n) => changes.map((change) => ({ n, ...change }))),
    drops: batch.flatMap(({ drops }, n) => drops.map((eid) => ({ n, eid }))),
    walked: batch.flatMap((commit, n) => (isPlain(commit) ? [] : [encodeWalked(commit, n)])),
  });
}

/** Nothing but versions and changes, which the function checks and writes for all commits at once. */
function isPlain({ creates, requires, puts, deletes, touch, drops, idempotency }: Commit): boolean {
  return creates.length + requires.length + puts.length + deletes.length + touch.length + drops.length === 0 && !idempotency;
}

function encodeWalked({ creates, requires, puts, deletes, touch, drops, idempotency }: Commit, n: number): unknown {
  return {
    n,
    creates: creates.map((creation) => ({ ...wholeMs(creation), origin: creation.origin && JSON.stringify(creation.origin) })),
    requires,
    puts: puts.map(wholeMs),
    deletes,
    touch: touch.map(wholeMs),
    drops,
    idempotency: idempotency && {
      ...wholeMs(idempotency),
      item: JSON.stringify({ inputHash: idempotency.inputHash, body: idempotency.body }),
    },
  };
}

function wholeMs<Timed extends { readonly ttlMs?: number | null }>(timed: Timed): Timed {
  return typeof timed.ttlMs === 'number' ? { ...timed, ttlMs: Math.ceil(timed.ttlMs) } : timed;
}

function leavesTrace({ creates, changes, puts, deletes, drops, idempotency }: Commit): boolean {
  return creates.length + changes.length + puts.length + deletes.length + drops.length > 0 || idempotency !== undefined;
}

function namedEntities({ creates, expects, requires, changes, puts, deletes, touch, drops, idempotency }: Commit): Set<number> {
  const eids = [...expects, ...requires, ...changes, ...puts, ...deletes, ...touch].map(({ eid }) => eid);
  const parents = creates.flatMap(({ parent }) => parent ?? []);
  return new Set([...eids, ...parents, ...drops, ...(idempotency ? [idempotency.eid] : [])]);
}
