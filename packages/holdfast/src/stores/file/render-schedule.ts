/** Says when to render: so long after the last change, but not longer than that after the first. Keeps no process alive. */
export class RenderSchedule {
  readonly #afterMs: number;
  readonly #atMostAfterMs: number;
  readonly #render: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the oldest change that waits has waited for long enough. */
  #latest = Number.POSITIVE_INFINITY;

  constructor(options: { afterMs: number; atMostAfterMs: number; render: () => void }) {
    this.#afterMs = options.afterMs;
    this.#atMostAfterMs = options.atMostAfterMs;
    this.#render = options.render;
  }

  /** Something changed. */
  touch(): void {
    const now = performance.now();
    this.#latest = Math.min(this.#latest, now + this.#atMostAfterMs);
    const waitMs = Math.max(0, Math.min(this.#afterMs, this.#latest - now));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.clear();
      this.#render();
    }, waitMs).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#latest = Number.POSITIVE_INFINITY;
  }
}
