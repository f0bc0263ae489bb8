import { utimesSync, watch, type FSWatcher } from 'node:fs';

/**
 * Looks when the database file was touched, which every commit ends with, and every `pollMs` in case the system did not say so. The write-ahead log itself
 * is not watched: it is written to several times before a commit is synchronised and can be seen. Keeps no process alive.
 */
export class FileWatch {
  readonly #path: string;
  readonly #look: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  /** While the event loop's turn of the last touch lasts. */
  #turn: NodeJS.Immediate | undefined;
  #touchAgain = false;

  constructor(options: { path: string; pollMs: number; look: () => void }) {
    this.#path = options.path;
    this.#look = options.look;
    this.#timer = setInterval(options.look, options.pollMs).unref();
    this.#watcher = this.#watch();
  }

  /**
   * Tells other processes that there is something to be seen: at once, and at the end of the event loop's turn of whatever else is committed in it. A thread of the
   * pool would need longer to wake than this takes (20 µs), and meet the next commit's sync.
   */
  touch(): void {
    if (this.#turn) {
      this.#touchAgain = true;
      return;
    }
    touchNow(this.#path);
    this.#turn = setImmediate(() => this.#endTurn());
  }

  /** What is still to be told is told at once: the process may end right after. */
  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
    this.#endTurn();
  }

  #endTurn(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    if (this.#touchAgain) touchNow(this.#path);
    this.#touchAgain = false;
  }

  /** Where watching is not to be had, polling is. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#path, { persistent: false }, () => this.#look());
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }
}

function touchNow(path: string): void {
  const now = Date.now() / 1_000;
  try {
    utimesSync(path, now, now);
  } catch {
    // Only the owner may set times: what others write is found by polling.
  }
}
