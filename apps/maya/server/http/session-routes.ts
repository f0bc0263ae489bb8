import { Hono } from 'hono';
import { isHoldfastError } from 'holdfast';
import { RequestRefusal } from './contract-errors.ts';
import type { SessionAnswer } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { requireSession, sessionOf, takeSession } from './session-cookie.ts';

/** `GET /api/session` and `POST /api/reset`. */
export function sessionRoutes({ sessions, turns, keys }: MayaContext): Hono {
  const routes = new Hono();

  const read = operation({
    id: 'readSession',
    summary: 'The session as a page shows it, or null where there is none (any more).',
    session: 'read',
    answers: { 200: { description: 'The session.', schema: 'SessionAnswer' } },
  });
  routes.get('/session', read, async (c) => {
    const found = await sessionOf(c, sessions);
    c.header('Cache-Control', 'no-store');
    if (found === 'none') return c.json<SessionAnswer>({ session: null, keys: keys.view() });
    if (found === 'expired') return c.json<SessionAnswer>({ session: null, keys: keys.view(), notice: 'expired' });
    return c.json<SessionAnswer>({ session: await turns.view(found), keys: keys.view(found) });
  });

  const reset = operation({
    id: 'resetSession',
    summary: 'Ends the running turn and the session with all that belongs to it. Refused while a payment is under way.',
    session: 'needed',
    answers: { 204: { description: 'It has ended, and the cookie is taken back.' } },
  });
  routes.post('/reset', reset, async (c) => {
    const session = await requireSession(c, sessions);
    await turns.stop(session);
    await sessions.end(session, 'reset').catch((error: unknown) => {
      if (!isHoldfastError(error, 'EFFECT_UNKNOWN')) throw error;
      throw new RequestRefusal(409, 'CONFLICT', 'A payment is under way. Please confirm or cancel it first, then I can start over.');
    });
    takeSession(c);
    return c.body(null, 204);
  });
  return routes;
}
