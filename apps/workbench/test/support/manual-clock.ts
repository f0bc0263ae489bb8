import type { Clock } from '../../clock.ts';

/** A clock that stands until a test moves it. */
export class ManualClock implements Clock {
  readonly #waiting = new Set<{ readonly at: number; readonly run: () => void }>();
  #now: number;

  /** Starts at a time with zone, as in `2026-03-02T09:00:00-05:00`. */
  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { at: this.#now + Math.max(0, delayMs), run };
    this.#waiting.add(timer);
    return { [Symbol.dispose]: () => void this.#waiting.delete(timer) };
  }

  /** Lets time pass, running what comes due in order, each at its own time; what that starts is let happen in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#nextBefore(until); next; next = this.#nextBefore(until)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = until;
  }

  /** As when the machine slept: time has passed and nothing ran meanwhile; what is overdue runs with the next `advance`. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  #nextBefore(until: number): { readonly at: number; readonly run: () => void } | undefined {
    const due = [...this.#waiting].filter(({ at }) => at <= until);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }
}
