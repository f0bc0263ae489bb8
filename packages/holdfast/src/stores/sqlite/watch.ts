import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A writer's log is written to before it is synchronised, which may take a while; only then is its commit to be seen. */
const LOOK_AGAIN_MS = [1, 1, 2, 4, 8, 16, 32, 64, 128] as const;

/** Looks when the file's write-ahead log was written to, and every `pollMs` in case the system did not say so. Keeps no process alive. */
export class FileWatch {
  readonly #look: () => boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  #isPending = false;
  #again: NodeJS.Timeout | undefined;

  /** `look` says whether there was something. */
  constructor(options: { path: string; pollMs: number; look: () => boolean }) {
    this.#look = options.look;
    this.#timer = setInterval(options.look, options.pollMs).unref();
    this.#watcher = this.#watch(options.path);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#again);
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
      clearTimeout(this.#again);
      this.#lookUntilMoved(0);
    });
  }

  #lookUntilMoved(times: number): void {
    const waitMs = LOOK_AGAIN_MS[times];
    if (this.#look() || waitMs === undefined) return;
    this.#again = setTimeout(() => this.#lookUntilMoved(times + 1), waitMs).unref();
  }
}
