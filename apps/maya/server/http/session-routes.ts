import { Hono } from 'hono';
import { isHoldfastError } from 'holdfast';
import { RequestRefusal } from './contract-errors.ts';
import type { SessionAnswer } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { requireSession, sessionOf, takeSession } from './session-cookie.ts';

/** `GET /api/session` and `POST /api/reset`. */
export function sessionRoutes({ sessions, turns, keys }: MayaContext): Hono {
  const routes = new Hono();

  routes.get('/session', async (c) => {
    const found = await sessionOf(c, sessions);
    c.header('Cache-Control', 'no-store');
    if (found === 'none') return c.json<SessionAnswer>({ session: null, keys: keys.view() });
    if (found === 'expired') return c.json<SessionAnswer>({ session: null, keys: keys.view(), notice: 'expired' });
    return c.json<SessionAnswer>({ session: await turns.view(found), keys: keys.view(found) });
  });

  routes.post('/reset', async (c) => {
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
