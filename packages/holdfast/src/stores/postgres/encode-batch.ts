import { encodeIdempotency, leavesTrace, mentionedEids, type Commit } from '../../store/index.ts';

/** A batch as `commit_batch` takes it, and what its answer is to be read with. */
export interface EncodedBatch {
  readonly json: string;
  /** Per commit its seq counted from the store's newest one, or 0 when it leaves no trace. */
  readonly seqs: readonly number[];
}

/** Sorts the batch into segments, in order: runs of plain commits by kind of row, every other commit on its own. */
export function encodeBatch(batch: readonly Commit[]): EncodedBatch {
  let traced = 0;
  const seqs = batch.map((commit) => (leavesTrace(commit) ? (traced += 1) : 0));
  const segments: unknown[] = [];
  for (let from = 0; from < batch.length;) {
    let to = from;
    while (to < batch.length && isPlain(batch[to] as Commit)) to += 1;
    if (to > from) segments.push(encodeRun(batch, seqs, from, to));
    else segments.push(encodeCommit(batch[to] as Commit, to, seqs[to] as number));
    from = Math.max(to, from + 1);
  }
  return { json: JSON.stringify({ synced: batch.some(({ durability }) => durability === 'synced'), traced, segments }), seqs };
}

/** Whether there is nothing in it but versions and changes of entities that were there before the batch. */
function isPlain(commit: Commit): boolean {
  const { creates, absent, requires, puts, deletes, touch, drops, idempotency } = commit;
  if (creates.length + absent.length + requires.length + puts.length + deletes.length + touch.length + drops.length > 0 || idempotency)
    return false;
  return [...commit.expects, ...commit.changes].every(({ eid }) => eid > 0);
}

function encodeRun(batch: readonly Commit[], seqs: readonly number[], from: number, to: number): unknown {
  const run = batch.slice(from, to).map((commit, nth) => ({ commit, index: from + nth, seq: seqs[from + nth] as number }));
  return {
    commits: run.map(({ commit: { commitId, meta }, index, seq }) => ({ index, commitId, seq, meta: JSON.stringify(meta) })),
    entities: run.flatMap(({ commit, index }) => Array.from(mentionedEids(commit), (eid) => ({ index, eid }))),
    versions: run.flatMap(({ commit, index }) => versionsOf(commit).map((row) => ({ index, ...row }))),
    changes: run.flatMap(({ commit, seq }) => changesOf(commit, seq)),
  };
}

function encodeCommit(commit: Commit, index: number, seq: number): unknown {
  const { commitId, meta, creates, absent, requires, puts, deletes, touch, drops, idempotency } = commit;
  const own = new Set(creates.map(({ ref }) => ref));
  return {
    index,
    commitId,
    seq,
    meta: JSON.stringify(meta),
    entities: [...mentionedEids(commit)].filter((eid) => !own.has(eid)),
    creates: creates.map((creation) => ({ ...wholeMs(creation), origin: creation.origin && JSON.stringify(creation.origin) })),
    absent,
    requires,
    versions: versionsOf(commit),
    changes: changesOf(commit, seq),
    puts: puts.map(wholeMs),
    deletes,
    touch: touch.map(wholeMs),
    drops,
    idempotency: idempotency && { ...wholeMs(idempotency), body: undefined, item: encodeIdempotency(idempotency) },
  };
}

/** What is expected, and what is made of it, in the order in which it is checked. */
function versionsOf({ expects, changes }: Commit): readonly object[] {
  return [
    ...expects.map(({ eid, state, version }) => ({ eid, state, version })),
    ...changes.map(({ eid, state, version }) => ({ eid, state, made: version })),
  ];
}

function changesOf({ changes }: Commit, seq: number): readonly object[] {
  return changes.map((change, n) => ({ ...change, n, seq }));
}

function wholeMs<Timed extends { readonly ttlMs?: number | null }>(timed: Timed): Timed {
  return typeof timed.ttlMs === 'number' ? { ...timed, ttlMs: Math.ceil(timed.ttlMs) } : timed;
}
