import { createHash, randomBytes } from 'node:crypto';
import { defineState, type EntityHandle, type StateManager } from 'holdfast';
import { z } from 'zod';
import type { Session } from './session.ts';

/** How long an invitation may be taken up. */
const VALID_FOR_MS = 600_000;
const TOKEN = /^[\w-]{43}$/;

const invitationState = defineState({
  name: 'invitation',
  scope: 'workflow',
  schema: z.strictObject({
    /** null: it was taken up, or never made. */
    sessionId: z.string().nullable(),
    expiresAt: z.int().min(0),
  }),
  initial: { sessionId: null, expiresAt: 0 },
});

/** One-time tokens by which another device comes to a session. What is stored is their hash. */
export class Invitations {
  readonly #state: StateManager;

  constructor(state: StateManager) {
    this.#state = state;
  }

  async make(session: Session): Promise<{ readonly token: string; readonly expiresAt: number }> {
    const token = randomBytes(32).toString('base64url');
    const invitation = await this.#entity(token).get(invitationState);
    const { value: expiresAt } = await this.#state.transaction(
      [invitation] as const,
      ([draft], tx) => {
        draft.sessionId = session.id;
        draft.expiresAt = tx.now + VALID_FOR_MS;
        return draft.expiresAt;
      },
      { actor: 'guest', cause: 'invitation' },
    );
    return { token, expiresAt };
  }

  /** The id of the session, to one caller only: undefined when the token was taken up, is too old, or is none. */
  async take(token: string): Promise<string | undefined> {
    if (!TOKEN.test(token) || !(await this.#entity(token).exists())) return undefined;
    const invitation = await this.#entity(token).get(invitationState);
    const { value } = await this.#state.transaction(
      [invitation] as const,
      ([draft], tx) => {
        const sessionId = draft.expiresAt > tx.now ? draft.sessionId : null;
        draft.sessionId = null;
        return sessionId;
      },
      { actor: 'guest', cause: 'invitation' },
    );
    return value ?? undefined;
  }

  #entity(token: string): EntityHandle<'workflow'> {
    const hash = createHash('sha256').update(token).digest('base64url');
    return this.#state.workflow(`invitation-${hash}`, { expiresAfterMs: 2 * VALID_FOR_MS });
  }
}
