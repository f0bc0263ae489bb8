import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Refusal } from '../refusal.ts';
import type { NoSession, Sessions } from '../session/sessions.ts';
import type { Session } from '../session/session.ts';

const NAME = 'maya_session';
/** The cookie outlives the session, so that its end can be told. */
const MAX_AGE_SECONDS = 30 * 24 * 3_600;

/** The session that the request's cookie names. */
export function sessionOf(c: Context, sessions: Sessions): Promise<Session | NoSession> {
  return sessions.find(getCookie(c, NAME));
}

/** @throws {Refusal} INVALID_SESSION when there is none. */
export async function requireSession(c: Context, sessions: Sessions): Promise<Session> {
  const session = await sessionOf(c, sessions);
  if (typeof session === 'string')
    throw new Refusal('INVALID_SESSION', 'There is no session here (any more). Say something, and a new one begins.');
  return session;
}

export function giveSession(c: Context, session: Session): void {
  setCookie(c, NAME, session.id, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: MAX_AGE_SECONDS });
}

export function takeSession(c: Context): void {
  setCookie(c, NAME, '', { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 0 });
}
