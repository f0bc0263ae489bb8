import type { SessionHandle } from '../session/session-handle.ts';
import type { Session } from '../session/session.ts';
import { RequestRefusal } from './contract-errors.ts';
import type { MayaContext } from './maya-context.ts';

type Door = Pick<MayaContext, 'sessions' | 'limits' | 'capacity' | 'metrics'>;

/** How long to wait for room in a full bar. */
const FULL_WAIT_MS = 60_000;

/**
 * Counts a message; without a session it makes one, to be reached by `handle` if there is one, which is stored with its first commit.
 * @throws {RequestRefusal} RATE_LIMITED, AT_CAPACITY.
 */
export async function admitMessage(
  { sessions, limits, capacity, metrics }: Door,
  session: Session | undefined,
  handle?: SessionHandle,
): Promise<Session> {
  const wait = limits.take(session?.id);
  if (wait) {
    metrics.messageRefused(wait.because);
    const seconds = Math.ceil(wait.ms / 1_000);
    const message =
      wait.because === 'session'
        ? `One at a time, please! I can take your next message in ${seconds} s.`
        : `The bar is very busy. Please try again in ${seconds} s.`;
    throw new RequestRefusal(429, 'RATE_LIMITED', message, { retryAfterMs: wait.ms });
  }
  if (session) return session;
  const fresh = await sessions.create(handle);
  if (!(await capacity.admit(fresh.id))) {
    metrics.messageRefused('capacity');
    throw new RequestRefusal(503, 'AT_CAPACITY', 'The bar is at capacity. Please try again in a little while.', {
      retryAfterMs: FULL_WAIT_MS,
    });
  }
  limits.began(fresh.id);
  return fresh;
}
