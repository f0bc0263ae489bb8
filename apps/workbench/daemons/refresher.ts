import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { isoTime } from '../zoned-time.ts';
import { ServiceError } from './service-error.ts';

const FIRST_WAIT_MS = 60_000;

export interface RefresherOptions {
  /** The service, as a person calls it. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs: number;
  /** Reads the service and keeps what it says. Throws when that cannot be done, having changed nothing. */
  readonly refresh: (signal: AbortSignal) => Promise<void>;
}

/** Reads an outside service every so often. One that fails is asked again after a minute, then after waits that double, or when it said. */
export class Refresher {
  readonly #options: RefresherOptions;
  readonly #stopping = new AbortController();
  #next: Disposable | undefined;
  #nextAt: number | undefined;
  #reading: Promise<void> | undefined;
  #failures = 0;
  #error: string | undefined;
  #refreshedAt: number | undefined;

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /** Whether the last reading, if there was one, succeeded. */
  get isWell(): boolean {
    return this.#failures === 0;
  }

  /** What a person should know of the service. */
  get message(): string {
    const { name } = this.#options;
    const since = this.#refreshedAt === undefined ? `${name} was not read yet.` : `${name} was read at ${isoTime(this.#refreshedAt)}.`;
    return this.#error === undefined ? since : `${this.#error} ${since}`;
  }

  /** When it is read next. */
  get nextAt(): string | undefined {
    return this.#nextAt === undefined ? undefined : isoTime(this.#nextAt);
  }

  start(): void {
    this.soon();
  }

  /** Reads at the next opportunity. */
  soon(): void {
    this.#wait(0);
  }

  /** Reads now, or waits for the reading that is under way. Throws what it threw. */
  now(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#next?.[Symbol.dispose]();
    await this.#reading?.catch(() => undefined);
  }

  #wait(delayMs: number): void {
    const { clock } = this.#options;
    if (this.#stopping.signal.aborted) return;
    this.#next?.[Symbol.dispose]();
    this.#nextAt = clock.now() + delayMs;
    this.#next = clock.after(delayMs, () => {
      // It is kept for whoever asks how the service is.
      this.now().catch(() => undefined);
    });
  }

  async #read(): Promise<void> {
    const { name, clock, log, everyMs, refresh } = this.#options;
    try {
      await refresh(this.#stopping.signal);
      this.#refreshedAt = clock.now();
      this.#failures = 0;
      this.#error = undefined;
      this.#wait(everyMs);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#failures += 1;
      this.#error = error instanceof ServiceError ? error.message : `${name} could not be read: ${String(error)}`;
      log.warn({ service: name, failures: this.#failures }, this.#error);
      const wait = error instanceof ServiceError ? error.retryAfterMs : undefined;
      this.#wait(wait ?? Math.min(everyMs, FIRST_WAIT_MS * 2 ** (this.#failures - 1)));
      throw error;
    }
  }
}
