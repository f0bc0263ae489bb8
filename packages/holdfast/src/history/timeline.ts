import type { EntityCell } from '../commit/index.ts';
import type { CommitMeta } from '../store/index.ts';
import { checkpointItems } from './checkpoint.ts';
import { toCheckpoint, type Checkpoint } from './checkpoint-record.ts';
import { existing, type HistoryContext } from './history-context.ts';

const PAGE = 500;

/** A commit on the entity, of which something is kept. */
export interface TimelineCommit extends CommitMeta {
  readonly kind: 'commit';
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** By state name: the version that it made. */
  readonly versions: Readonly<Record<string, number>>;
}

export type TimelineEntry = TimelineCommit | ({ readonly kind: 'checkpoint' } & Checkpoint);

export interface TimelineOptions {
  /** The `seq` behind which to begin. Default 0. */
  readonly since?: number;
  /** How many entries at most. Default: all. */
  readonly limit?: number;
}

/** The entity's kept commits and its checkpoints in the order of the log, up to the end that it had when it was asked for. */
export async function* timelineOf(
  context: HistoryContext,
  entity: EntityCell,
  { since = 0, limit = Number.POSITIVE_INFINITY }: TimelineOptions,
): AsyncGenerator<TimelineEntry, void, undefined> {
  const eid = await existing(context, entity);
  await context.follower.catchUp();
  const end = context.follower.seq;
  const items = await checkpointItems(context.store, eid);
  const checkpoints = items
    .filter(({ rev }) => rev > since && rev <= end)
    .toSorted((a, b) => a.rev - b.rev)
    .map((item): TimelineEntry => ({ kind: 'checkpoint', ...toCheckpoint(item) }));
  let left = limit;
  for await (const entry of inOrder(checkpoints, commitsUpTo(context, eid, { since, end }))) {
    if (left <= 0) return;
    left -= 1;
    yield entry;
  }
}

async function* inOrder(
  checkpoints: readonly TimelineEntry[],
  commits: AsyncIterable<TimelineCommit>,
): AsyncGenerator<TimelineEntry, void, undefined> {
  let next = 0;
  for await (const commit of commits) {
    for (let due = checkpoints[next]; due && due.seq < commit.seq; due = checkpoints[next]) {
      yield due;
      next += 1;
    }
    yield commit;
  }
  yield* checkpoints.slice(next);
}

async function* commitsUpTo(
  { store }: HistoryContext,
  eid: number,
  { since, end }: { readonly since: number; readonly end: number },
): AsyncGenerator<TimelineCommit, void, undefined> {
  for (let from = since; ;) {
    const page = await store.log(from, { eid }, PAGE);
    for (const { changes, drops: _, commitId: __, ...commit } of page.commits) {
      if (commit.seq > end) return;
      const versions = Object.fromEntries(changes.map(({ state, version }) => [state, version]));
      yield { kind: 'commit', ...commit, versions };
    }
    if (page.seq <= from || page.seq >= end) return;
    from = page.seq;
  }
}
