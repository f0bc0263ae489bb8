import { randomBytes } from 'node:crypto';
import { isHoldfastError, type StateManager } from 'holdfast';
import { Session } from './session.ts';
import type { SessionHandle } from './session-handle.ts';
import type { SessionTokens } from './session-tokens.ts';

/** 128 random bits in base64url. */
const SESSION_ID = /^[\w-]{22}$/;
const SWEEP_BATCH = 100;

export interface SessionsOptions {
  readonly state: StateManager;
  readonly tokens: SessionTokens;
  /** A session ends when it was not used for so long. */
  readonly expiresAfterMs: number;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** Why there is no session under an id: it never was one of ours, or it has ended. */
export type NoSession = 'none' | 'expired';

/** The sessions of the bar. Ids are made here only: one that is not stored is never taken over from outside. */
export class Sessions {
  readonly #state: StateManager;
  /** What browsers know sessions by. */
  readonly tokens: SessionTokens;
  /** A session ends when it was not used for so long. */
  readonly expiresAfterMs: number;
  readonly #now: () => number;

  constructor({ state, tokens, expiresAfterMs, clock }: SessionsOptions) {
    this.#state = state;
    this.tokens = tokens;
    this.expiresAfterMs = expiresAfterMs;
    this.#now = clock;
  }

  /** A session with a new id, or with that of a new handle. It is stored with the first commit on it. */
  create(handle?: SessionHandle): Promise<Session> {
    return this.#open(handle?.sessionId ?? randomBytes(16).toString('base64url'));
  }

  /** The stored session of an id; one that has expired is deleted first, unless a payment of it is not settled. */
  async find(id: string | undefined): Promise<Session | NoSession> {
    if (id === undefined || !SESSION_ID.test(id)) return 'none';
    const entity = this.#state.conversation(id);
    const expiresAt = await entity.expiresAt();
    if (expiresAt === undefined && !(await entity.exists())) return 'expired';
    const session = await this.#open(id);
    // What another server has committed before this request is seen by it.
    await session.payment.refresh();
    if (expiresAt === undefined || expiresAt > this.#now() || isPaying(session)) return session;
    await this.end(session, 'expired');
    return 'expired';
  }

  /** Deletes the session with all its states. One that is gone already is left alone. Open pages, of every server, are told why by the feed of changes. */
  async end(session: Session, cause: 'reset' | 'expired'): Promise<void> {
    try {
      await session.entity.delete({ cause });
    } catch (error) {
      if (!isHoldfastError(error, 'NOT_FOUND')) throw error;
    }
  }

  /** Deletes expired sessions whose payments are settled; gives their ids. */
  async sweep(): Promise<readonly string[]> {
    const removed: string[] = [];
    for (;;) {
      const swept = await this.#state.sweep({ limit: SWEEP_BATCH });
      removed.push(...swept.filter(({ scope }) => scope === 'conversation').map(({ id }) => id));
      if (swept.length < SWEEP_BATCH) return removed;
    }
  }

  #open(id: string): Promise<Session> {
    return Session.open(this.#state, this.#state.conversation(id, { expiresAfterMs: this.expiresAfterMs }));
  }
}

/** Whether a payment is under way or unknown: such a session must not be lost. */
function isPaying({ payment }: Session): boolean {
  return payment.current.charge !== null;
}
