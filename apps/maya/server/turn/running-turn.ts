import type { Session } from '../session/session.ts';
import { EventLog } from './event-log.ts';
import type { TurnEvent } from './turn-events.ts';

/** A message as the page sends it. */
export interface TurnRequest {
  /** Made by the page: the turn's idempotency key. */
  readonly id: string;
  readonly text: string;
  /** Whether the reply is to be spoken. */
  readonly isSpoken?: boolean | undefined;
}

/** A turn that runs in this process, or waits for its place. */
export class RunningTurn {
  readonly id: string;
  readonly text: string;
  readonly isSpoken: boolean;
  readonly session: Session;
  readonly events: EventLog<TurnEvent> = new EventLog();
  /** Whether the guest's message is stored; rejects when it cannot be. */
  readonly begun: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();

  constructor(session: Session, { id, text, isSpoken = false }: TurnRequest) {
    this.session = session;
    this.id = id;
    this.text = text;
    this.isSpoken = isSpoken;
    this.begun.promise.catch(() => undefined);
  }

  /** Aborts when the answer shall end where it is. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when the turn shall not write anything any more. */
  get abandoned(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Ends the answer where it is; what was said so far is kept. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Leaves the turn as it is: it counts as cut off. */
  abandon(): void {
    this.#leaving.abort();
    this.#stopping.abort();
  }
}
