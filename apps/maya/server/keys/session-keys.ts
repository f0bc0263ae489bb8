import { isHoldfastError, Secret } from 'holdfast';
import type { Logger } from 'pino';
import type { KeySource, KeysView } from '../http/contract.ts';
import type { Session } from '../session/session.ts';
import type { KeyCheck } from './key-checks.ts';
import { KeyFault, KEY_NAMES, type KeyName } from './key-fault.ts';

/** How a commit of a secret fails when the master key cannot be used. */
const NO_MASTER_KEY = ['SECRET_UNREADABLE', 'INVALID_ARGUMENT', 'CORRUPT_STATE'] as const;

export interface SessionKeysOptions {
  readonly checks: Readonly<Record<KeyName, KeyCheck>>;
  /** Keys of the server's own, for sessions that have none. */
  readonly serverKeys: Readonly<Partial<Record<KeyName, string>>>;
  /** Whether a Gemini key is needed before the first turn. */
  readonly isRequired: boolean;
  readonly log: Logger;
}

/** A key form was sent while another one of the same session was being checked: only the last one counts. */
export class KeyFormReplaced extends Error {
  override readonly name = 'KeyFormReplaced';
}

/** The keys that a session works with: its own, else the server's. */
export class SessionKeys {
  readonly #options: SessionKeysOptions;
  /** The form of each session that is being checked. */
  readonly #checking = new Map<string, AbortController>();

  constructor(options: SessionKeysOptions) {
    this.#options = options;
  }

  /** The key to use; undefined when there is none. One that cannot be decrypted counts as none, and is logged. */
  keyFor(session: Session, name: KeyName): string | undefined {
    const secret = session.apiKeys.current[name];
    const own = secret === null ? undefined : reveal(secret);
    if (secret !== null && own === undefined)
      this.#options.log.warn(
        { key: name, fingerprint: secret.fingerprint, session: session.id.slice(0, 6) },
        'a stored key cannot be decrypted, so it counts as absent',
      );
    return own ?? this.#options.serverKeys[name];
  }

  /** What a page is told of the keys; without a session, of the server's. */
  view(session?: Session): KeysView {
    const [gemini, cartesia] = [this.#source(session, 'gemini'), this.#source(session, 'cartesia')];
    const hasGemini = gemini === 'session' || this.#options.serverKeys.gemini !== undefined;
    return { gemini, cartesia, isGeminiNeeded: this.#options.isRequired && !hasGemini };
  }

  /**
   * Checks the keys of a form with their services and stores them, encrypted; a key that is left out stays as it was.
   * @throws {KeyFault} when one of them is not taken: then none is stored.
   * @throws {KeyFormReplaced} when a newer form of the session was sent meanwhile.
   */
  async give(session: Session, form: Readonly<Partial<Record<KeyName, string>>>): Promise<void> {
    const given = KEY_NAMES.flatMap((name) => (form[name]?.trim() ? [[name, form[name].trim()] as const] : []));
    if (given.length === 0) throw new KeyFault('empty', 'gemini');
    const signal = this.#begin(session.id);
    try {
      for (const [name, key] of given) await this.#options.checks[name](key, signal);
      signal.throwIfAborted();
      await session.apiKeys.update(
        (draft) => {
          for (const [name, key] of given) draft[name] = Secret.of(key);
          draft.validated = true;
        },
        { actor: 'guest', cause: 'keys' },
      );
    } catch (error) {
      if (NO_MASTER_KEY.some((code) => isHoldfastError(error, code)))
        throw new KeyFault('server_configuration', given[0]?.[0] ?? 'gemini', { cause: error });
      throw error;
    } finally {
      if (this.#checking.get(session.id)?.signal === signal) this.#checking.delete(session.id);
    }
  }

  /** Takes the session's own keys away; a form that is being checked does not bring them back. */
  async remove(session: Session): Promise<void> {
    this.#checking.get(session.id)?.abort(new KeyFormReplaced('The keys were removed meanwhile.'));
    await session.apiKeys.set({ gemini: null, cartesia: null, validated: false }, { actor: 'guest', cause: 'keys' });
  }

  #begin(sessionId: string): AbortSignal {
    this.#checking.get(sessionId)?.abort(new KeyFormReplaced('A newer form was sent meanwhile.'));
    const checking = new AbortController();
    this.#checking.set(sessionId, checking);
    return checking.signal;
  }

  #source(session: Session | undefined, name: KeyName): KeySource {
    const secret = session?.apiKeys.current[name] ?? null;
    if (secret !== null) return reveal(secret) === undefined ? 'unreadable' : 'session';
    return this.#options.serverKeys[name] === undefined ? 'none' : 'server';
  }
}

function reveal(secret: Secret): string | undefined {
  try {
    return secret.reveal();
  } catch (error) {
    if (!isHoldfastError(error, 'SECRET_UNREADABLE')) throw error;
    return undefined;
  }
}
