import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Looks when the file's write-ahead log was written to, and every `pollMs` in case the system did not say so. Keeps no process alive. */
export class FileWatch {
  readonly #look: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  #isPending = false;

  constructor(options: { path: string; pollMs: number; look: () => void }) {
    this.#look = options.look;
    this.#timer = setInterval(options.look, options.pollMs).unref();
    this.#watcher = this.#watch(options.path);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
    this.#isPending = true;
  }

  /** The directory is watched, because the log itself comes and goes. Where watching is not to be had, polling is. */
  #watch(path: string): FSWatcher | undefined {
    const log = `${basename(path)}-wal`;
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === log) this.#lookSoon();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  /** One look for all the events of a turn: a commit makes several. */
  #lookSoon(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    setImmediate(() => {
      if (!this.#isPending) return;
      this.#isPending = false;
      this.#look();
    });
  }
}
