/** At most so many in so long. */
export interface Limit {
  readonly count: number;
  readonly windowMs: number;
}

/** When things happened lately: says how long the next one has to wait so that no stretch of the window's length holds more than the limit. */
export class SlidingWindow {
  readonly #limits: readonly Limit[];
  /** Epoch ms, oldest first. */
  #times: number[] = [];

  constructor(limits: readonly Limit[]) {
    this.#limits = limits;
  }

  /** 0 when the next one may happen now. */
  waitMs(now: number): number {
    this.#forget(now);
    return Math.max(0, ...this.#limits.map(({ count, windowMs }) => (this.#times.at(-count) ?? -Infinity) + windowMs - now));
  }

  add(now: number): void {
    this.#times.push(now);
  }

  /** Whether nothing that happened matters any more. */
  isEmpty(now: number): boolean {
    this.#forget(now);
    return this.#times.length === 0;
  }

  #forget(now: number): void {
    const longest = Math.max(...this.#limits.map(({ windowMs }) => windowMs));
    // Also what lies in the future, of a clock that was set back.
    this.#times = this.#times.filter((time) => time > now - longest && time <= now);
  }
}
