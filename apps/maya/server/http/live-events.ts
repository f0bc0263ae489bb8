import { Hono } from 'hono';
import type { Session } from '../session/session.ts';
import type { TurnEvent } from '../turn/turn-events.ts';
import { eventStream, type SendEvent } from './event-stream.ts';
import type { MayaContext } from './maya-context.ts';
import { requireSession } from './session-cookie.ts';

/** `GET /api/events`: what happens in the session, whichever page or process does it. An open stream counts as access to the session. */
export function liveEventRoutes(context: MayaContext): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => {
    const session = await requireSession(c, context.sessions);
    return eventStream(
      c,
      (send, signal) => follow(context, session, send, signal),
      async () => void (await session.payment.refresh()),
    );
  });
  return routes;
}

async function follow({ view, turns, endings }: MayaContext, session: Session, send: SendEvent, gone: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([gone, ended.signal]);
  const texts: TurnEvent[] = [];
  let [hasMoved, reason] = [true, undefined as string | undefined];
  let moved = Promise.withResolvers<void>();
  const wake = (): void => moved.resolve();
  gone.addEventListener('abort', wake, { once: true });

  session.subscribe(() => {
    hasMoved = true;
    wake();
  }, signal);
  turns.watch(
    session.id,
    (turn) =>
      void (async () => {
        for await (const event of turn.events.read(signal)) {
          if (event.name === 'text' || event.name === 'complete') texts.push(event);
          wake();
        }
      })(),
    signal,
  );
  endings.watch(
    session.id,
    (why) => {
      reason = why;
      wake();
    },
    signal,
  );

  try {
    while (!gone.aborted) {
      moved = Promise.withResolvers();
      if (reason !== undefined) return await send('ended', { reason });
      // One view for all the commits since the last one: a slow reader gets fewer, and always the newest.
      if (hasMoved) {
        hasMoved = false;
        await send('state', view(session));
      } else if (texts.length > 0) {
        for (const { name, data } of texts.splice(0)) await send(name, data);
      } else await moved.promise;
    }
  } finally {
    ended.abort();
  }
}
