import { Hono } from 'hono';
import { isHoldfastError } from 'holdfast';
import type { Session } from '../session/session.ts';
import type { TurnEvent } from '../turn/turn-events.ts';
import { eventStream, type SendEvent } from './event-stream.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { requireSession } from './session-cookie.ts';

/** How often a turn of another server is looked at for whether it still runs. */
const LOOK_AGAIN_MS = 1_000;

/** `GET /api/events`: what happens in the session, whichever page or process does it. An open stream counts as access to the session. */
export function liveEventRoutes(context: MayaContext): Hono {
  const routes = new Hono();
  const follows = operation({
    id: 'followSession',
    summary: 'What happens in the session, live: the events state, text, complete and ended.',
    session: 'needed',
    answers: { 200: { description: 'Server-sent events until the reader goes or the session ends.', mediaType: 'text/event-stream' } },
  });
  routes.get('/', follows, async (c) => {
    const session = await requireSession(c, context.sessions);
    return eventStream(c, {
      write: (send, signal) => follow(context, session, send, signal),
      // What is refreshed stays alive, however soon a session expires.
      onHeartbeat: () => session.payment.refresh(),
      heartbeatMs: context.sessions.expiresAfterMs / 3,
      log: context.log,
    });
  });
  return routes;
}

async function follow({ turns, endings }: MayaContext, session: Session, send: SendEvent, gone: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([gone, ended.signal]);
  const texts: TurnEvent[] = [];
  let [hasMoved, reason] = [true, undefined as string | undefined];
  let messagesFrom = 0;
  let moved = Promise.withResolvers<void>();
  let lookAgain: NodeJS.Timeout | undefined;
  const wake = (): void => moved.resolve();
  gone.addEventListener('abort', wake, { once: true });

  const changed = (): void => {
    hasMoved = true;
    wake();
  };
  session.subscribe(changed, signal);
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
        clearTimeout(lookAgain);
        const view = await turns.view(session, messagesFrom);
        await send('state', view);
        // What was cut off is shown before it is stored.
        messagesFrom += view.messages.length - (view.messages.at(-1)?.isCutOff ? 1 : 0);
        // The end of a turn whose server died is told by nobody: its lease runs out.
        if (view.isBusy && !turns.isRunning(session.id)) lookAgain = setTimeout(changed, LOOK_AGAIN_MS);
      } else if (texts.length > 0) {
        for (const { name, data } of texts.splice(0)) await send(name, data);
      } else await moved.promise;
    }
  } catch (error) {
    // It was deleted before its end could be heard of.
    if (!isHoldfastError(error, 'NOT_FOUND')) throw error;
    await send('ended', { reason: 'expired' });
  } finally {
    clearTimeout(lookAgain);
    ended.abort();
  }
}
