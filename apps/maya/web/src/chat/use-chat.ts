import { useCallback, useRef, type Dispatch } from 'react';
import type { ChatRequest } from '../../../server/http/contract.ts';
import { NOT_REACHED, RefusedError } from '../session/server-calls.ts';
import type { PageAction } from '../session/page-state.ts';
import type { Speech } from '../speech/use-speech.ts';
import { makeMessageId } from './message-id.ts';
import { streamTurn, type TurnEvent } from './stream-turn.ts';
import type { Turn } from './turn.ts';

export interface Chat {
  readonly send: (text: string) => void;
  /** Sends a failed message again under its own id, so that it still happens once. */
  readonly retry: (turn: Turn) => void;
  /** Stops listening to every running turn; the server goes on with them. */
  readonly abandon: () => void;
}

/** @param onSession called when a turn has its session, which the first one makes; `isReplaced` when the one before had expired */
export function useChat(
  dispatch: Dispatch<PageAction>,
  onSession: (isReplaced: boolean) => void,
  { follow, hearSentence, hearAudio }: Pick<Speech, 'follow' | 'hearSentence' | 'hearAudio'>,
): Chat {
  const running = useRef(new Map<string, AbortController>());

  const run = useCallback(
    async (id: string, text: string): Promise<void> => {
      if (running.current.has(id)) return;
      const controller = new AbortController();
      running.current.set(id, controller);
      dispatch({ type: 'turn-sent', id, text, at: Date.now() });
      try {
        await listen({ id, text, isSpoken: follow(id) }, controller.signal, (event) => {
          if (event.name === 'sentence') return hearSentence(event.data);
          if (event.name === 'audio') return hearAudio(event.data);
          if (event.name === 'session') onSession(event.data.notice === 'expired');
          dispatch(toAction(id, event));
        });
      } catch (cause) {
        if (controller.signal.aborted) return;
        dispatch({ type: 'turn-failed', id, error: cause instanceof RefusedError ? cause.answer : NOT_REACHED });
      } finally {
        running.current.delete(id);
      }
    },
    [dispatch, onSession, follow, hearSentence, hearAudio],
  );

  return {
    send: useCallback((text) => void run(makeMessageId(), text), [run]),
    retry: useCallback((turn) => void run(turn.id, turn.text), [run]),
    abandon: useCallback(() => {
      for (const controller of running.current.values()) controller.abort();
    }, []),
  };
}

async function listen(request: ChatRequest, signal: AbortSignal, onEvent: (event: TurnEvent) => void): Promise<void> {
  for await (const event of streamTurn(request, signal)) {
    if (signal.aborted) return;
    onEvent(event);
  }
}

function toAction(id: string, event: Exclude<TurnEvent, { readonly name: 'sentence' | 'audio' }>): PageAction {
  switch (event.name) {
    case 'session':
      return { type: 'turn-started', id, ...event.data };
    case 'text':
      return { type: 'turn-text', id, delta: event.data.delta };
    case 'tool':
      return { type: 'turn-tool', id, tool: event.data };
    case 'state':
      return { type: 'viewed', view: event.data };
    case 'complete':
      return { type: 'turn-complete', id, message: event.data.message };
    case 'error':
      return { type: 'turn-failed', id, error: event.data };
  }
}
