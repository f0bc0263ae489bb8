import type { ChatEvents, ChatRequest } from '../../../server/http/contract.ts';
import { call, RefusedError } from '../session/server-calls.ts';
import { readEvents } from './server-sent-events.ts';

/** An event of a turn with its name. */
export type TurnEvent = { readonly [Name in keyof ChatEvents]: { readonly name: Name; readonly data: ChatEvents[Name] } }[keyof ChatEvents];

const EVENT_NAMES: ReadonlySet<string> = new Set<keyof ChatEvents>([
  'session',
  'text',
  'sentence',
  'tool',
  'state',
  'audio',
  'complete',
  'error',
]);

/**
 * Sends a message and gives the turn's events until its reply is whole, and all said if it is to be spoken. The same id may be sent again: it stays one turn.
 *
 * @throws {RefusedError} when the server refuses, is not reached, or the stream ends before the reply does
 */
export async function* streamTurn(request: ChatRequest, signal: AbortSignal): AsyncGenerator<TurnEvent, void, undefined> {
  const response = await call('/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(request),
    signal,
  });
  let isWhole = false;
  try {
    for await (const { event, data } of readEvents(response.body ?? new ReadableStream())) {
      if (!EVENT_NAMES.has(event)) continue; // of a newer server
      const turnEvent = { name: event, data: JSON.parse(data) as unknown } as TurnEvent;
      yield turnEvent;
      isWhole ||= turnEvent.name === 'complete';
      if ((isWhole && !request.isSpoken) || turnEvent.name === 'error') return;
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
  }
  if (isWhole) return;
  throw new RefusedError({ error: 'NETWORK_ERROR', message: 'The line to the bar broke off before the reply was whole.' });
}
