import type { OverviewView, SourceName } from '../../../client/views.ts';

/** A part of the overview that became another one. */
export interface Change {
  readonly name: SourceName;
  readonly view: OverviewView[SourceName];
}

export interface EventsListener {
  readonly onOverview: (overview: OverviewView) => void;
  readonly onChange: (change: Change) => void;
  /** The stream broke off or was refused, and is closed; `isRefused`: the server is there and this page has no access any more. */
  readonly onLost: (isRefused: boolean) => void;
}

/** Opens `GET /api/events`; the function given back closes it. The browser's own reconnecting is not used: it gives up for good on a refusal. */
export function openEvents(listener: EventsListener): () => void {
  const source = new EventSource('/api/events');
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
    source.close();
  };
  source.addEventListener('overview', ({ data }: MessageEvent<string>) => {
    if (!isClosed) listener.onOverview(JSON.parse(data) as OverviewView);
  });
  source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
    if (!isClosed) listener.onChange(JSON.parse(data) as Change);
  });
  source.addEventListener('error', () => {
    if (isClosed) return;
    close();
    // The event does not say why.
    fetch('/api/overview').then(
      ({ status }) => listener.onLost(status === 401),
      () => listener.onLost(false),
    );
  });
  return close;
}
