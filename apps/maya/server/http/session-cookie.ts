import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Refusal } from '../refusal.ts';
import type { NoSession, Sessions } from '../session/sessions.ts';
import type { Session } from '../session/session.ts';

export const SESSION_COOKIE = 'maya_session';
/** Takes the place of the cookie for clients that keep none: its answers say the id in the same header. */
export const SESSION_HEADER = 'X-Session-ID';
/** The cookie outlives the session, so that its end can be told. */
const MAX_AGE_SECONDS = 30 * 24 * 3_600;

/** The session that the request's header names, or its cookie when it has no such header. */
export function sessionOf(c: Context, sessions: Sessions): Promise<Session | NoSession> {
  const cookie = getCookie(c, SESSION_COOKIE);
  return sessions.find(c.req.header(SESSION_HEADER) ?? (cookie === undefined ? undefined : sessions.tokens.read(cookie)));
}

/** @throws {Refusal} INVALID_SESSION when there is none. */
export async function requireSession(c: Context, sessions: Sessions): Promise<Session> {
  const session = await sessionOf(c, sessions);
  if (typeof session === 'string')
    throw new Refusal('INVALID_SESSION', 'There is no session here (any more). Say something, and a new one begins.');
  return session;
}

export function giveSession(c: Context, session: Session, { tokens }: Sessions): void {
  if (c.req.header(SESSION_HEADER) === undefined)
    setCookie(c, SESSION_COOKIE, tokens.make(session.id), { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: MAX_AGE_SECONDS });
  else c.header(SESSION_HEADER, session.id);
}

export function takeSession(c: Context): void {
  setCookie(c, SESSION_COOKIE, '', { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 0 });
}
