import type { SessionAnswer } from '../../../server/http/contract.ts';
import type { LiveListener } from './open-events.ts';
import type { PageAction } from './page-state.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export interface LiveConnectionOptions {
  readonly loadSession: () => Promise<SessionAnswer>;
  /** Opens the live stream; the function given back closes it, after which the listener hears nothing more. */
  readonly openEvents: (listener: LiveListener) => () => void;
  readonly onAction: (action: PageAction) => void;
  /** Runs something later; the function given back calls it off. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
  /** From 0 to under 1. */
  readonly random: () => number;
}

export interface LiveConnection {
  /** Asks for the session and follows it when there is one; also at once what a retry would do later. */
  start: () => void;
  /** Follows the session that a first message has just made; nothing when it is followed already. */
  follow: () => void;
  stop: () => void;
}

/**
 * Keeps the page in step with its session: loads it, follows its live stream, and after a loss tries again with growing pauses
 * until the server is back, starting from a whole view each time.
 */
export function createLiveConnection(options: LiveConnectionOptions): LiveConnection {
  const { onAction } = options;
  let closeEvents: (() => void) | null = null;
  let callOffRetry: (() => void) | null = null;
  let retries = 0;
  /** Grows with every start and stop: an answer to an earlier question is not listened to. */
  let round = 0;

  function stop(): void {
    round += 1;
    closeEvents?.();
    callOffRetry?.();
    closeEvents = null;
    callOffRetry = null;
  }

  function lose(): void {
    stop();
    onAction({ type: 'disconnected' });
    callOffRetry = options.setTimer(start, retryDelayMs(retries, options.random()));
    retries += 1;
  }

  function start(): void {
    stop();
    const asked = round;
    options.loadSession().then(
      (answer) => {
        if (asked !== round) return;
        onAction({ type: 'loaded', answer });
        if (answer.session) open();
        else retries = 0;
      },
      () => {
        if (asked === round) lose();
      },
    );
  }

  function open(): void {
    closeEvents = options.openEvents({
      onState: (view) => {
        retries = 0;
        onAction({ type: 'connected' });
        onAction({ type: 'viewed', view });
      },
      onText: ({ turnId, delta }) => onAction({ type: 'reply-text', turnId, delta }),
      onComplete: ({ turnId, message }) => onAction({ type: 'reply-complete', turnId, message }),
      onEnded: ({ reason }) => {
        onAction({ type: 'ended', reason });
        if (reason === 'shutdown') lose();
        else start(); // there may be a new session already
      },
      onLost: lose,
    });
  }

  return {
    start,
    follow: () => {
      if (closeEvents) return;
      stop();
      open();
    },
    stop,
  };
}

/** Doubles from half a second to ten; the random half keeps many pages from coming back in one instant. */
export function retryDelayMs(retries: number, random: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** retries);
  return longest / 2 + (random * longest) / 2;
}
