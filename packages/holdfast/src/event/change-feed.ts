import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { HoldfastError } from '../errors/index.ts';
import { entityName, type EntityAddress, type Scope } from '../scope/index.ts';
import { passing, type LogFilter, type LogPage, type Store } from '../store/index.ts';
import { commitEvent, type CommitEvent } from './commit-event.ts';
import { holdProcess } from './hold-process.ts';

/** A reader that stops pulling keeps no more commits than this in memory. */
const PAGE = 64;

export interface ChangesOptions {
  readonly scope?: Scope;
  readonly entity?: EntityAddress;
  /** A state's name. */
  readonly state?: string;
  /** The `seq` behind which to begin; 0 is the beginning of the log. Default: from now on. */
  readonly since?: number;
  /** Ends the feed. */
  readonly signal?: AbortSignal;
}

/** The log behind `since` to its end, as it was read or written a moment ago: whoever stands there need not read it. */
export interface LogNews {
  readonly since: number;
  readonly page: LogPage;
}

/** The log that a feed reads. */
export interface FeedSource {
  readonly store: Store;
  /** Calls back when the log may have moved, with what is new where that is at hand; gives the unsubscriber. */
  readonly onMoved: (listener: (news?: LogNews) => void) => () => void;
  /** Up to where this process has seen the log; `onMoved` is called for whatever comes behind. */
  readonly seenUpTo: () => number;
  /** Ends every feed. */
  readonly closed: AbortSignal;
}

/**
 * Every commit behind `since` that passes the filter, in order, of all processes; then waits for more until a signal aborts. Each is pulled
 * from the log when it is asked for, so a slow reader costs nobody anything. Where history was pruned behind `since`, the oldest change that is
 * kept of a state comes as a `reset`.
 * @throws {HoldfastError} NOT_FOUND when there is no such entity.
 */
export async function* changeFeed(
  source: FeedSource,
  options: ChangesOptions & { readonly since: number },
): AsyncGenerator<CommitEvent, void, undefined> {
  const { since, signal } = options;
  const ended = signal ? AbortSignal.any([signal, source.closed]) : source.closed;
  const filter = await filterOf(source.store, options);
  yield* follow(source, since, filter, ended);
}

async function filterOf(store: Store, { scope, entity, state }: ChangesOptions): Promise<LogFilter> {
  const record = entity && (await store.entity(entity.scope, entity.id));
  if (entity && !record) {
    const what = entityName(entity);
    throw new HoldfastError('NOT_FOUND', `There is no ${what}.`, { what });
  }
  return { ...(scope !== undefined && { scope }), ...(state !== undefined && { state }), ...(record && { eid: record.eid }) };
}

async function* follow(
  { store, onMoved, seenUpTo }: FeedSource,
  from: number,
  filter: LogFilter,
  ended: AbortSignal,
): AsyncGenerator<CommitEvent, void, undefined> {
  let since = from;
  let moved = false;
  let told: LogNews | undefined;
  let wake: (() => void) | undefined;
  const notice = (news?: LogNews): void => {
    moved = true;
    // Only whoever waits takes what is told: it would be stale by the time that a slow reader comes to it.
    told = wake && news;
    wake?.();
  };
  const end = (): void => notice();
  const unsubscribe = onMoved(notice);
  ended.addEventListener('abort', end);
  try {
    while (!ended.aborted) {
      moved = false;
      const news = told?.since === since ? { ...told.page, commits: passing(told.page.commits, filter) } : undefined;
      told = undefined;
      const page = news ?? (await store.log(since, filter, PAGE));
      let isAtEnd = news !== undefined || page.seq <= since || page.seq >= seenUpTo();
      let upTo = page.seq;
      for (const commit of page.commits) {
        const event = await commitEvent(store, commit);
        if (!event) {
          // The rest of the page shows what was kept a moment ago.
          upTo = since;
          isAtEnd = false;
          break;
        }
        yield event;
        since = commit.seq;
        if (ended.aborted) return;
      }
      since = Math.max(since, upTo);
      if (isAtEnd && !moved && !ended.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await holdProcess(promise);
        wake = undefined;
        // Commits that follow at once are read together.
        if (!told) await nextLoopTurn();
      }
    }
  } finally {
    unsubscribe();
    ended.removeEventListener('abort', end);
  }
}
