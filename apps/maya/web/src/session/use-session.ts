import { useCallback, useEffect, useReducer, useRef, type Dispatch } from 'react';
import type { ErrorAnswer, KeysRequest, KeysView, SessionView, TipRequest } from '../../../server/http/contract.ts';
import { createLiveConnection, type LiveConnection } from './live-connection.ts';
import { openEvents } from './open-events.ts';
import { INITIAL_PAGE, reducePage, type PageAction, type PageState, type Wish } from './page-state.ts';
import {
  cancelPayment,
  giveKeys,
  loadSession,
  NOT_REACHED,
  RefusedError,
  removeKeys,
  resetSession,
  setTip,
  startPayment,
  stopAnswers,
} from './server-calls.ts';

/** By this name the pages of one browser tell each other that a session has begun. */
const CHANNEL = 'maya-session';

export interface Session {
  readonly page: PageState;
  readonly dispatch: Dispatch<PageAction>;
  /** Follows the session that a message runs in, here and in the other pages of this browser; `isReplaced`: another one was followed. */
  readonly follow: (isReplaced: boolean) => void;
  readonly setTip: (percentage: TipRequest['percentage']) => void;
  readonly pay: () => void;
  readonly cancelPayment: () => void;
  readonly stopAnswers: () => void;
  /** Resolve with why it did not happen, or null when it did. */
  readonly giveKeys: (form: KeysRequest) => Promise<ErrorAnswer | null>;
  readonly removeKeys: () => Promise<ErrorAnswer | null>;
  /** Resolves with whether everything is back at the start; when not, the page says why. */
  readonly reset: () => Promise<boolean>;
}

/** The state of the page, kept in step with the server, and what can be asked of the session besides talking. */
export function useSession(): Session {
  const [page, dispatch] = useReducer(reducePage, INITIAL_PAGE);
  const live = useRef<LiveConnection>(null);
  const otherPages = useRef<BroadcastChannel>(null);
  const isAsking = useRef(false);

  useEffect(() => {
    const connection = createLiveConnection({ loadSession, openEvents, onAction: dispatch, setTimer, random: Math.random });
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', connection.follow);
    window.addEventListener('online', connection.start);
    window.addEventListener('offline', connection.start); // asking shows whether the bar is out of reach, too
    live.current = connection;
    otherPages.current = channel;
    connection.start();
    return () => {
      window.removeEventListener('online', connection.start);
      window.removeEventListener('offline', connection.start);
      channel.close();
      connection.stop();
    };
  }, []);

  /** One thing at a time: a double click asks once. */
  const ask = useCallback(async <Answer>(wish: Wish, call: () => Promise<Answer>, onAnswer: (answer: Answer) => void): Promise<boolean> => {
    if (isAsking.current) return false;
    isAsking.current = true;
    dispatch({ type: 'asked', wish });
    try {
      onAnswer(await call());
      dispatch({ type: 'answered' });
      return true;
    } catch (cause) {
      dispatch({ type: 'refused', problem: cause instanceof RefusedError ? cause.answer : NOT_REACHED });
      return false;
    } finally {
      isAsking.current = false;
    }
  }, []);

  const askForView = useCallback(
    (wish: Wish, call: () => Promise<SessionView>) => void ask(wish, call, (view) => dispatch({ type: 'viewed', view })),
    [ask],
  );

  const changeKeys = useCallback(async (call: () => Promise<KeysView>): Promise<ErrorAnswer | null> => {
    try {
      dispatch({ type: 'keys-changed', keys: await call() });
      live.current?.follow(); // the keys may have made the session
      return null;
    } catch (cause) {
      return cause instanceof RefusedError ? cause.answer : NOT_REACHED;
    }
  }, []);

  return {
    page,
    dispatch,
    follow: useCallback((isReplaced) => {
      if (isReplaced) live.current?.start();
      else live.current?.follow();
      otherPages.current?.postMessage('begun');
    }, []),
    setTip: useCallback((percentage) => askForView('tip', () => setTip(percentage)), [askForView]),
    pay: useCallback(() => askForView('pay', startPayment), [askForView]),
    cancelPayment: useCallback(() => askForView('cancel', cancelPayment), [askForView]),
    stopAnswers: useCallback(() => void ask('stop', stopAnswers, () => undefined), [ask]),
    giveKeys: useCallback((form) => changeKeys(() => giveKeys(form)), [changeKeys]),
    removeKeys: useCallback(() => changeKeys(removeKeys), [changeKeys]),
    reset: useCallback(
      () =>
        ask('reset', resetSession, () => {
          live.current?.stop();
          dispatch({ type: 'cleared' });
          live.current?.start(); // what the server has to offer without a session
        }),
      [ask],
    ),
  };
}

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
