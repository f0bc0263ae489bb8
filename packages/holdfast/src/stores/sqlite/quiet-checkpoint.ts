/** So many pages may wait in the write-ahead log, 4 MB: as many as SQLite by itself lets a commit find before it moves them. */
const PAGES = 1_000;

/** Where no moment is quiet, a commit that finds so many pages in the log moves them itself. */
export const PAGES_IN_COMMIT = 2_000;

const QUIET_MS = 10;

/** What the log holds, and how much of that the database has; in pages. */
interface LogPages {
  readonly log: number;
  readonly checkpointed: number;
}

export interface QuietCheckpointOptions {
  /** Asks SQLite for a checkpoint; `NOOP` only tells what there would be to do. */
  readonly checkpoint: (mode: 'NOOP' | 'PASSIVE') => LogPages;
}

/**
 * Moves the write-ahead log into the database once nobody has committed for a moment, so that no commit has to wait for it: a thousand pages take 3 ms and a sync or
 * two. Keeps no process alive.
 */
export class QuietCheckpoint {
  readonly #checkpoint: QuietCheckpointOptions['checkpoint'];
  #timer: NodeJS.Timeout | undefined;

  constructor({ checkpoint }: QuietCheckpointOptions) {
    this.#checkpoint = checkpoint;
  }

  /** Something was committed. */
  committed(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#run(), QUIET_MS).unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    try {
      const { log, checkpointed } = this.#checkpoint('NOOP');
      if (log - checkpointed >= PAGES) this.#checkpoint('PASSIVE');
    } catch {
      // All is in the log. A disk that fails is told of by the next commit.
    }
  }
}
