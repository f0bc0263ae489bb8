import { AsyncLocalStorage } from 'node:async_hooks';
import { HoldfastError } from '../errors/index.ts';

/** Carries a session through everything that a call starts, so that tools deep inside find theirs without being handed it. */
export class SessionContext<Session> {
  readonly #name: string;
  readonly #storage = new AsyncLocalStorage<Session>();

  /** `name` says in errors which context is missing. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Runs `work` with the session; what it starts, timers and promises too, sees this one and no other. */
  run<R>(session: Session, work: () => R): R {
    return this.#storage.run(session, work);
  }

  /**
   * The explicit session when one is given, else that of the context.
   * @throws {HoldfastError} NOT_FOUND outside of `run` when none is given.
   */
  get(explicit?: Session): Session {
    const session = explicit ?? this.#storage.getStore();
    if (session !== undefined) return session;
    throw new HoldfastError(
      'NOT_FOUND',
      `There is no ${this.#name} here: call inside of run(session, …), or pass the ${this.#name} explicitly.`,
      { what: this.#name },
    );
  }

  /** The session of the context; undefined outside of `run`. */
  find(): Session | undefined {
    return this.#storage.getStore();
  }
}
