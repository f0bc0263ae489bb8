import type { LiveEvents } from '../../../server/http/contract.ts';

/** Who hears a session's live stream. */
export interface LiveListener {
  readonly onState: (view: LiveEvents['state']) => void;
  readonly onText: (text: LiveEvents['text']) => void;
  readonly onComplete: (complete: LiveEvents['complete']) => void;
  /** The session or the server came to its end; the stream is closed. */
  readonly onEnded: (ended: LiveEvents['ended']) => void;
  /** The stream broke off or was refused, and is closed. */
  readonly onLost: () => void;
}

/** Opens `GET /api/events`. The browser's own reconnecting is not used: it never waits longer and gives up for good on a refusal. */
export function openEvents(listener: LiveListener): () => void {
  const source = new EventSource('/api/events');
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
    source.close();
  };
  const on = <Name extends keyof LiveEvents>(name: Name, hear: (data: LiveEvents[Name]) => void): void => {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      if (!isClosed) hear(JSON.parse(event.data) as LiveEvents[Name]);
    });
  };
  on('state', listener.onState);
  on('text', listener.onText);
  on('complete', listener.onComplete);
  on('ended', (ended) => {
    close();
    listener.onEnded(ended);
  });
  source.addEventListener('error', () => {
    if (isClosed) return;
    close();
    listener.onLost();
  });
  return close;
}
