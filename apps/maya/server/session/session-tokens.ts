import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { defineState, type StateManager } from 'holdfast';
import { z } from 'zod';

const KEY_BYTES = 32;

const sessionTokensState = defineState({
  name: 'sessionTokens',
  scope: 'global',
  /** What tokens are signed with; empty before the first start. */
  schema: z.strictObject({ key: z.string() }),
  initial: { key: '' },
});

/** What cookies hold: the id of a session with a signature, so that nobody makes one of an id, and what is no cookie of ours is looked up nowhere. */
export class SessionTokens {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** With the key that the store has: the servers of one store take each other's tokens, also after a restart. */
  static async open(state: StateManager): Promise<SessionTokens> {
    const handle = await state.global().get(sessionTokensState);
    if (handle.current.key === '')
      await handle.update((draft) => void (draft.key ||= randomBytes(KEY_BYTES).toString('base64url')), { actor: 'maya', cause: 'start' });
    return new SessionTokens(handle.current.key);
  }

  make(sessionId: string): string {
    return `${sessionId}.${createHmac('sha256', this.#key).update(sessionId).digest('base64url')}`;
  }

  /** The id that a token was made for; undefined when it was not made here. */
  read(token: string): string | undefined {
    const sessionId = token.slice(0, token.indexOf('.'));
    const [given, made] = [Buffer.from(token), Buffer.from(this.make(sessionId))];
    return given.length === made.length && timingSafeEqual(given, made) ? sessionId : undefined;
  }
}
