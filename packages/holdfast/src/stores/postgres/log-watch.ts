/** What the store needs of a client that listens; a `pg.Client` is one. It is the store's own, and its session must not be shared or changed by a pooler. */
export interface PostgresListener {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  end(): Promise<void>;
  /** Lets a process end that does nothing but listen. */
  unref?(): void;
}

/** A connection that breaks is made anew at once, then after ever longer. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Looks how far the log has come: when another process tells of its commit, after every connection that listens was made, and every `pollMs`. A
 * notification only says "look", so that one that was lost costs nothing but time. Keeps no process alive.
 */
export class LogWatch {
  readonly #look: () => Promise<number>;
  readonly #moved: () => void;
  readonly #pollMs: number;
  readonly #channel: string;
  readonly #listen: (() => PostgresListener) | undefined;
  #seq: number;
  /** The newest seq heard of while a commit of this process was on its way; it may be its own. */
  #heldBack: number | undefined;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #reconnecting: NodeJS.Timeout | undefined;
  #listener: PostgresListener | undefined;
  #failures = 0;

  constructor(options: {
    seq: number;
    look: () => Promise<number>;
    moved: () => void;
    pollMs: number;
    channel: string;
    listen: (() => PostgresListener) | undefined;
  }) {
    this.#seq = options.seq;
    this.#look = options.look;
    this.#moved = options.moved;
    this.#pollMs = options.pollMs;
    this.#channel = options.channel;
    this.#listen = options.listen;
    this.#poll();
    void this.#connect();
  }

  /** A commit of this process is on its way. */
  beginOwn(): void {
    this.#heldBack ??= 0;
  }

  /** It is over; `seq` is its last one, or 0 when it wrote nothing that is in the log, as far as is known. */
  endOwn(seq: number): void {
    const heldBack = this.#heldBack ?? 0;
    this.#heldBack = undefined;
    this.#heard(seq);
    // In a turn of its own: who subscribed must be able to tell the news of others from that of this commit.
    if (heldBack > this.#seq) setImmediate(() => this.#heard(heldBack));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#reconnecting);
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.end().catch(() => undefined);
  }

  #heard(seq: number): void {
    if (this.#isClosed || seq <= this.#seq) return;
    if (this.#heldBack !== undefined) {
      this.#heldBack = Math.max(this.#heldBack, seq);
      return;
    }
    this.#seq = seq;
    this.#moved();
  }

  /** What cannot be read now is looked at again at the next poll. */
  async #lookNow(): Promise<void> {
    const seq = await this.#look().catch(() => 0);
    this.#heard(seq);
  }

  #poll(): void {
    this.#timer = setTimeout(() => {
      void this.#lookNow().then(() => {
        if (!this.#isClosed) this.#poll();
      });
    }, this.#pollMs).unref();
  }

  /** Listening begins before the log is looked at: what is committed in between is noticed twice rather than never. */
  async #connect(): Promise<void> {
    const listener = this.#listen?.();
    if (!listener) return;
    this.#listener = listener;
    listener.on('notification', ({ payload }) => this.#heard(Number(payload)));
    listener.on('error', () => this.#lost(listener));
    listener.on('end', () => this.#lost(listener));
    try {
      await listener.connect();
      listener.unref?.();
      await listener.query(`LISTEN "${this.#channel}"`);
      this.#failures = 0;
      await this.#lookNow();
    } catch {
      this.#lost(listener);
    }
  }

  #lost(listener: PostgresListener): void {
    if (this.#listener !== listener) return;
    this.#listener = undefined;
    listener.end().catch(() => undefined);
    const waitMs = Math.min(this.#failures === 0 ? 0 : 2 ** this.#failures * 25, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#reconnecting = setTimeout(() => void this.#connect(), waitMs).unref();
  }
}
