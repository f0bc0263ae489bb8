import { SlidingWindow } from './sliding-window.ts';

export interface MessageLimitOptions {
  /** Messages a minute of one session. */
  readonly perSession: number;
  /** Messages of one session in 10 s. */
  readonly burst: number;
  /** Messages a minute of all sessions. */
  readonly inAll: number;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** How long a message has to wait, and for whom. */
export interface MustWait {
  readonly ms: number;
  readonly because: 'session' | 'all';
}

const MINUTE_MS = 60_000;
const BURST_MS = 10_000;
/** So many sessions are remembered before those that have been quiet are forgotten. */
const FORGET_ABOVE = 1_000;

/** Counts messages in this process. One that is refused does not count. */
export class MessageLimits {
  readonly #options: MessageLimitOptions;
  readonly #all: SlidingWindow;
  readonly #sessions = new Map<string, SlidingWindow>();

  constructor(options: MessageLimitOptions) {
    this.#options = options;
    this.#all = new SlidingWindow([{ count: options.inAll, windowMs: MINUTE_MS }]);
  }

  /** Counts a message of the session, unless it has to wait. A visitor without a session counts among all. */
  take(sessionId: string | undefined): MustWait | undefined {
    const now = this.#options.clock();
    const session = sessionId === undefined ? undefined : this.#window(sessionId, now);
    const ownMs = session?.waitMs(now) ?? 0;
    if (ownMs > 0) return { ms: ownMs, because: 'session' };
    const allMs = this.#all.waitMs(now);
    if (allMs > 0) return { ms: allMs, because: 'all' };
    session?.add(now);
    this.#all.add(now);
    return undefined;
  }

  /** Counts the message that has made the session. */
  began(sessionId: string): void {
    const now = this.#options.clock();
    this.#window(sessionId, now).add(now);
  }

  #window(sessionId: string, now: number): SlidingWindow {
    const known = this.#sessions.get(sessionId);
    if (known) return known;
    if (this.#sessions.size >= FORGET_ABOVE) for (const [id, window] of this.#sessions) if (window.isEmpty(now)) this.#sessions.delete(id);
    const { perSession, burst } = this.#options;
    const fresh = new SlidingWindow([
      { count: perSession, windowMs: MINUTE_MS },
      { count: burst, windowMs: BURST_MS },
    ]);
    this.#sessions.set(sessionId, fresh);
    return fresh;
  }
}
