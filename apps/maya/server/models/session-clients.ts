import { ClientRegistry } from 'holdfast';
import type { SessionKeys } from '../keys/session-keys.ts';
import type { Logger } from 'pino';
import type { Session } from '../session/session.ts';
import type { Voice } from '../speech/voice.ts';
import type { TurnModel } from './turn-model.ts';

export interface SessionClientsOptions {
  readonly keys: SessionKeys;
  /** Makes a client for a Gemini key. */
  readonly openModel: (apiKey: string) => TurnModel;
  /** Serves sessions without a key. */
  readonly house: TurnModel;
  /** Makes a client for a Cartesia key. */
  readonly openVoice: (apiKey: string) => Voice;
  readonly log: Logger;
}

/** A client for the session's key could not be made. */
export class ClientNotMade extends Error {
  override readonly name = 'ClientNotMade';
}

/** The clients of outside services, one per session and service, made when first needed. */
export class SessionClients {
  readonly #keys: SessionKeys;
  readonly #house: TurnModel;
  readonly #models: ClientRegistry<TurnModel>;
  readonly #voices: ClientRegistry<Voice | undefined>;

  constructor({ keys, openModel, house, openVoice, log }: SessionClientsOptions) {
    this.#keys = keys;
    this.#house = house;
    this.#models = new ClientRegistry({
      create: async (_session, apiKey) => {
        try {
          return openModel(apiKey);
        } catch (cause) {
          throw new ClientNotMade('A model client could not be made.', { cause });
        }
      },
      close: (client) => client.close(),
    });
    this.#voices = new ClientRegistry({
      create: async (session, apiKey) => {
        try {
          return openVoice(apiKey);
        } catch (error) {
          log.warn({ err: error, session: session.slice(0, 6) }, 'a speech client could not be made; the browser speaks instead');
          return undefined;
        }
      },
      close: (voice) => voice?.close(),
    });
  }

  /** Runs `work` with the model of the session's key, or the house model without one. @throws {ClientNotMade} and what `work` throws. */
  async useModel<R>(session: Session, work: (model: TurnModel) => Promise<R>): Promise<R> {
    const key = this.#keys.keyFor(session, 'gemini');
    return await (key === undefined ? work(this.#house) : this.#models.use(session.id, key, work));
  }

  /** Runs `work` with the voice of the session's key; with none when there is no key, or no client can be made for it. */
  async useVoice<R>(session: Session, work: (voice: Voice | undefined) => Promise<R>): Promise<R> {
    const key = this.#keys.keyFor(session, 'cartesia');
    return await (key === undefined ? work(undefined) : this.#voices.use(session.id, key, work));
  }

  /** The session has ended, or its keys are gone: its clients are closed once their last users are done. */
  end(sessionId: string): void {
    void this.#models.close(sessionId);
    void this.#voices.close(sessionId);
  }

  /** Closes all of them, after `graceMs` also those in use. */
  async close(graceMs: number): Promise<void> {
    await Promise.all([this.#models.closeAll({ graceMs }), this.#voices.closeAll({ graceMs })]);
  }
}
