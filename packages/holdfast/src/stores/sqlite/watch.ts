import { utimes, utimesSync, watch, type FSWatcher } from 'node:fs';

/**
 * Looks when the database file was touched, which every commit ends with, and every `pollMs` in case the system did not say so. The write-ahead log itself
 * is not watched: it is written to several times before a commit is synchronised and can be seen. Keeps no process alive.
 */
export class FileWatch {
  readonly #path: string;
  readonly #look: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  #touching = false;
  #touchAgain = false;

  constructor(options: { path: string; pollMs: number; look: () => void }) {
    this.#path = options.path;
    this.#look = options.look;
    this.#timer = setInterval(options.look, options.pollMs).unref();
    this.#watcher = this.#watch();
  }

  /**
   * Tells other processes that there is something to be seen. Returns at once: a file system that is busy with its journal may take a millisecond for it. Calls
   * meanwhile make one more.
   */
  touch(): void {
    if (this.#touching) {
      this.#touchAgain = true;
      return;
    }
    this.#touching = true;
    const now = Date.now() / 1_000;
    // Only the owner may set times: what others write is found by polling.
    utimes(this.#path, now, now, () => {
      this.#touching = false;
      if (!this.#touchAgain) return;
      this.#touchAgain = false;
      this.touch();
    });
  }

  /** What is still to be told is told at once: the process may end right after. */
  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
    this.#touchAgain = false;
    if (this.#touching) touchNow(this.#path);
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
    // As above.
  }
}
