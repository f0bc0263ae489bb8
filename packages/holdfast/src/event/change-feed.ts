import { holdProcess } from './hold-process.ts';
import type { LogFilter, LoggedCommit, Store } from '../store/index.ts';

const PAGE = 256;

/**
 * Every commit behind `since` that passes the filter, in order, of all processes; then waits for more until the signal aborts. Each is pulled
 * from the log when it is asked for, so a slow reader costs nobody anything.
 */
export async function* changeFeed(options: {
  store: Store;
  since: number;
  filter: LogFilter;
  signal: AbortSignal;
  /** Calls back when the log may have moved. */
  onMoved: (listener: () => void) => () => void;
}): AsyncGenerator<LoggedCommit, void, undefined> {
  const { store, filter, signal, onMoved } = options;
  let { since } = options;
  let moved = false;
  let wake: (() => void) | undefined;
  const notice = (): void => {
    moved = true;
    wake?.();
  };
  const unsubscribe = onMoved(notice);
  signal.addEventListener('abort', notice);
  try {
    while (!signal.aborted) {
      moved = false;
      const page = await store.log(since, filter, PAGE);
      for (const commit of page.commits) {
        yield commit;
        if (signal.aborted) return;
      }
      const isAtEnd = page.seq <= since;
      since = Math.max(since, page.seq);
      if (isAtEnd && !moved && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await holdProcess(promise);
        wake = undefined;
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', notice);
  }
}
