import type { OverviewView } from '../../../client/views.ts';
import type { EventsListener } from './open-events.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export interface LiveState {
  /** Null before the server has answered once. While the connection is lost, what it said last. */
  readonly overview: OverviewView | null;
  /** `refused`: the server knows this page no more. */
  readonly connection: 'connecting' | 'online' | 'lost' | 'refused';
}

export interface LiveOptions {
  readonly openEvents: (listener: EventsListener) => () => void;
  /** Runs something later; the function given back calls it off. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
  /** From 0 to under 1. */
  readonly random: () => number;
}

/** The overview of the server, followed: after a loss it is tried again with growing pauses, starting from a whole view. */
export class LiveOverview {
  readonly #options: LiveOptions;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = { overview: null, connection: 'connecting' };
  #close: (() => void) | undefined;
  #callOffRetry: (() => void) | undefined;
  #retries = 0;
  /** Grows with every start: what an earlier stream says is not listened to. */
  #round = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  readonly getState = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Also at once what a retry would do later. */
  start(): void {
    this.stop();
    const round = this.#round;
    const current = <Data>(hear: (data: Data) => void): ((data: Data) => void) => {
      return (data) => {
        if (round === this.#round) hear(data);
      };
    };
    this.#close = this.#options.openEvents({
      onOverview: current((overview) => {
        this.#retries = 0;
        this.#set({ overview, connection: 'online' });
      }),
      onChange: current(({ name, view }) => {
        const { overview } = this.#state;
        if (overview) this.#set({ ...this.#state, overview: { ...overview, [name]: view } });
      }),
      onLost: current((isRefused) => {
        this.stop();
        this.#set({ ...this.#state, connection: isRefused ? 'refused' : 'lost' });
        if (isRefused) return;
        this.#callOffRetry = this.#options.setTimer(() => this.start(), retryDelayMs(this.#retries, this.#options.random()));
        this.#retries += 1;
      }),
    });
  }

  stop(): void {
    this.#round += 1;
    this.#close?.();
    this.#callOffRetry?.();
    this.#close = undefined;
    this.#callOffRetry = undefined;
  }

  #set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** Doubles from half a second to ten; the random half keeps many pages from coming back in one instant. */
export function retryDelayMs(retries: number, random: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** retries);
  return longest / 2 + (random * longest) / 2;
}
