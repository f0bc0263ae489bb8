import { expect, test } from 'vitest';
import type { OverviewView } from '../../client/views.ts';
import { LiveOverview, retryDelayMs } from '../../web/src/live/live-overview.ts';
import type { EventsListener } from '../../web/src/live/open-events.ts';

const part = (reason: string | null): OverviewView['services'] => ({ status: 'ok', value: [], readAt: null, reason });
const overview = { services: part(null), files: part(null) } as unknown as OverviewView;

/** A page's live overview whose streams and timers the test has in hand. */
function liveInHand(): {
  live: LiveOverview;
  streams: EventsListener[];
  closed: () => number;
  timers: { run: () => void; delayMs: number }[];
} {
  const [streams, timers]: [EventsListener[], { run: () => void; delayMs: number }[]] = [[], []];
  let closed = 0;
  const live = new LiveOverview({
    openEvents(listener) {
      streams.push(listener);
      return () => void (closed += 1);
    },
    setTimer(run, delayMs) {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    random: () => 0,
  });
  live.start();
  return { live, streams, closed: () => closed, timers };
}

test('a change replaces its part and no other', () => {
  const { live, streams } = liveInHand();
  streams[0]!.onOverview(overview);
  streams[0]!.onChange({ name: 'services', view: part('new') });
  expect(live.getState()).toEqual({ connection: 'online', overview: { ...overview, services: part('new') } });
  expect(live.getState().overview!.files).toBe(overview.files);
});

test('a loss keeps what was shown, and is followed by tries with growing pauses until it is live again', () => {
  const { live, streams, timers } = liveInHand();
  streams[0]!.onOverview(overview);
  const pauses = [1, 2, 3].map(() => {
    streams.at(-1)!.onLost(false);
    expect(live.getState()).toEqual({ connection: 'lost', overview });
    const { run, delayMs } = timers.shift()!;
    run();
    return delayMs;
  });
  expect(pauses).toEqual([250, 500, 1_000]);
  streams.at(-1)!.onOverview(overview);
  streams.at(-1)!.onLost(false);
  expect([live.getState().connection, timers[0]!.delayMs]).toEqual(['lost', 250]);
});

test('who is refused does not try again', () => {
  const { live, streams, timers } = liveInHand();
  streams[0]!.onLost(true);
  expect([live.getState().connection, timers]).toEqual(['refused', []]);
});

test('a stream that was left behind is closed and not listened to', () => {
  const { live, streams, closed, timers } = liveInHand();
  live.start();
  streams[0]!.onLost(false);
  streams[0]!.onOverview(overview);
  expect([live.getState(), closed(), timers]).toEqual([{ connection: 'connecting', overview: null }, 1, []]);
});

test('pauses grow to ten seconds and are spread', () => {
  expect([retryDelayMs(0, 0), retryDelayMs(3, 0.5), retryDelayMs(50, 0), retryDelayMs(50, 1)]).toEqual([250, 3_000, 5_000, 10_000]);
});
