import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { OverviewView, SourceName, SourceView } from './views.ts';

const DEFAULT_REFRESH_SECONDS = 30;
const REFRESH_SECONDS = { least: 5, most: 300 } as const;
/** A source that does not answer has failed. */
const ANSWERS_WITHIN_MS = 10_000;
/** Changes that come in one go are read once. */
const SETTLES_MS = 50;

/** Where a part of the overview comes from. */
export interface OverviewSource<T> {
  /** Throws a sentence for a person when it cannot be read. */
  read(): T | Promise<T>;
  /** Calls back when there may be something new. Gives the unsubscriber. Without it the timer alone finds out. */
  subscribe?(changed: () => void): () => void;
}

type ValueOf<Name extends SourceName> = NonNullable<OverviewView[Name]['value']>;
export type Sources = { readonly [Name in SourceName]: OverviewSource<ValueOf<Name>> };

export interface OverviewOptions {
  readonly sources: Sources;
  readonly clock: Clock;
  /** How often everything is read, changes or not. Default 30; what is below 5 or above 300 is taken as that. */
  readonly refreshSeconds?: number;
}

type OverviewListener = (now: OverviewView, changed: SourceName) => void;

/** All sources side by side: each is read by itself, and one that fails says why in its place while the others go on. */
export class Overview {
  readonly #readers: readonly SourceReader[];
  readonly #listeners = new Set<OverviewListener>();
  readonly #clock: Clock;
  readonly #refreshMs: number;
  #current: OverviewView;
  #timer: Disposable;

  constructor({ sources, clock, refreshSeconds = DEFAULT_REFRESH_SECONDS }: OverviewOptions) {
    const seconds = Math.min(REFRESH_SECONDS.most, Math.max(REFRESH_SECONDS.least, refreshSeconds));
    this.#clock = clock;
    this.#refreshMs = (Number.isFinite(seconds) ? seconds : DEFAULT_REFRESH_SECONDS) * 1_000;
    const names = Object.keys(sources) as SourceName[];
    this.#current = Object.fromEntries(names.map((name) => [name, NOT_READ])) as unknown as OverviewView;
    this.#readers = names.map((name) => new SourceReader(sources[name], clock, (view) => this.#take(name, view)));
    for (const reader of this.#readers) reader.start();
    this.#timer = this.#tick();
  }

  /** What was read last; frozen in that what changes is replaced, part by part. */
  get current(): OverviewView {
    return this.#current;
  }

  /** Tells which part became another one; a reading that finds the same says nothing. Gives the unsubscriber. */
  subscribe(listener: OverviewListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads every source now. Resolves when each has answered or failed. */
  async refresh(): Promise<OverviewView> {
    await Promise.all(this.#readers.map((reader) => reader.read()));
    return this.#current;
  }

  close(): void {
    this.#timer[Symbol.dispose]();
    this.#listeners.clear();
    for (const reader of this.#readers) reader.stop();
  }

  #tick(): Disposable {
    return this.#clock.after(this.#refreshMs, () => {
      this.#timer = this.#tick();
      void this.refresh();
    });
  }

  #take(name: SourceName, view: SourceView<unknown>): void {
    const before: SourceView<unknown> = this.#current[name];
    const hasNews = before.status !== view.status || before.reason !== view.reason || !isDeepStrictEqual(before.value, view.value);
    this.#current = { ...this.#current, [name]: hasNews ? view : { ...view, value: before.value } };
    if (!hasNews) return;
    for (const listener of [...this.#listeners]) listener(this.#current, name);
  }
}

const NOT_READ: SourceView<never> = { status: 'loading', value: null, readAt: null, reason: null };

/** Reads one source, once at a time; what changes meanwhile is read afterwards. */
class SourceReader {
  readonly #source: OverviewSource<unknown>;
  readonly #clock: Clock;
  readonly #take: (view: SourceView<unknown>) => void;
  #last: SourceView<unknown> = NOT_READ;
  #reading: Promise<void> | undefined;
  #isStale = false;
  #isStopped = false;
  #settling: Disposable | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(source: OverviewSource<unknown>, clock: Clock, take: (view: SourceView<unknown>) => void) {
    this.#source = source;
    this.#clock = clock;
    this.#take = take;
  }

  start(): void {
    // What cannot be followed is still read by the timer.
    try {
      this.#unsubscribe = this.#source.subscribe?.(() => this.#changed());
    } catch (error) {
      this.#fail(error);
    }
    void this.read();
  }

  stop(): void {
    this.#isStopped = true;
    this.#settling?.[Symbol.dispose]();
    this.#unsubscribe?.();
  }

  /** Never rejects. */
  read(): Promise<void> {
    if (this.#reading) {
      this.#isStale = true;
      return this.#reading;
    }
    this.#reading = this.#readUntilFresh().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  #changed(): void {
    this.#settling?.[Symbol.dispose]();
    this.#settling = this.#clock.after(SETTLES_MS, () => void this.read());
  }

  async #readUntilFresh(): Promise<void> {
    do {
      this.#isStale = false;
      try {
        const value = await this.#answer();
        this.#show({ status: 'ok', value, readAt: new Date(this.#clock.now()).toISOString(), reason: null });
      } catch (error) {
        this.#fail(error);
      }
    } while (this.#isStale && !this.#isStopped);
  }

  async #answer(): Promise<unknown> {
    const late = Promise.withResolvers<never>();
    const deadline = this.#clock.after(ANSWERS_WITHIN_MS, () =>
      late.reject(new Error(`It did not answer within ${ANSWERS_WITHIN_MS / 1_000} s; it is asked again.`)),
    );
    try {
      // A source that throws at once fails like one that rejects.
      return await Promise.race([(async () => await this.#source.read())(), late.promise]);
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    this.#show({ ...this.#last, status: 'failed', reason });
  }

  #show(view: SourceView<unknown>): void {
    if (this.#isStopped) return;
    this.#last = view;
    this.#take(view);
  }
}
