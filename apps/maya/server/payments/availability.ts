/** How long a provider may take to show that it is there. */
const PROBE_TIMEOUT_MS = 5_000;
/** How long its answer is believed. */
const BELIEVED_FOR_MS = 30_000;

/** Knows whether a provider can be reached, by a probe that is asked at most twice a minute. */
export class Availability {
  readonly #probe: (signal: AbortSignal) => Promise<boolean>;
  readonly #now: () => number;
  #asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined;

  /** `probe` gives false, or rejects, when the provider cannot be used. `clock` in ms. */
  constructor(probe: (signal: AbortSignal) => Promise<boolean>, clock: () => number) {
    this.#probe = probe;
    this.#now = clock;
  }

  /** Never rejects. Callers at the same time share one probe. */
  check(): Promise<boolean> {
    const now = this.#now();
    if (!this.#asked || now - this.#asked.at >= BELIEVED_FOR_MS)
      this.#asked = { at: now, answer: this.#probe(AbortSignal.timeout(PROBE_TIMEOUT_MS)).catch(() => false) };
    return this.#asked.answer;
  }
}
