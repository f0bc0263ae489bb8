import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Secret, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { describe, expect, it } from 'vitest';
import { SessionKeys } from '../../server/keys/session-keys.ts';
import { passingKey } from '../../server/keys/master-keys.ts';
import { ClientNotMade, SessionClients } from '../../server/models/session-clients.ts';
import { keylessModel, type TurnModel } from '../../server/models/turn-model.ts';
import { SessionFeed } from '../../server/session/session-feed.ts';
import { SessionTokens } from '../../server/session/session-tokens.ts';
import { Sessions } from '../../server/session/sessions.ts';
import type { Session } from '../../server/session/session.ts';
import { makeLog } from '../../server/log.ts';
import { RunningTurn } from '../../server/turn/running-turn.ts';
import { tellFault } from '../../server/turn/turn-fault.ts';
import type { Voice } from '../../server/speech/voice.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

/** Clients that note what is made and closed, and sessions to use them. */
async function bench(open: (apiKey: string) => void = () => undefined) {
  const state = await StateManager.open({ store: memory(), keys: passingKey() });
  const told: string[] = [];
  const warned: string[] = [];
  const log = makeLog('warn', { write: (line) => void warned.push(line) });
  const keys = new SessionKeys({
    checks: { gemini: () => Promise.resolve(), cartesia: () => Promise.resolve() },
    serverKeys: {},
    isRequired: false,
    log,
  });
  const openModel = (apiKey: string): TurnModel => {
    open(apiKey);
    told.push(`made ${apiKey}`);
    return { ...keylessModel(new ScriptedModel()), close: () => void told.push(`closed ${apiKey}`) };
  };
  const openVoice = (apiKey: string): Voice => {
    open(apiKey);
    told.push(`made the voice of ${apiKey}`);
    return { speak: () => Promise.resolve(new Uint8Array()), close: () => void told.push(`closed the voice of ${apiKey}`) };
  };
  const clients = new SessionClients({ keys, openModel, house: keylessModel(new ScriptedModel()), openVoice, log });
  const sessions = new Sessions({ state, tokens: new SessionTokens('test'), expiresAfterMs: 60_000, clock: Date.now });
  void new SessionFeed({ state, log, onDeleted: (id) => clients.end(id), onPaymentClosed: () => undefined }).follow();
  const session = await sessions.create();
  return { clients, sessions, session, told, warned };
}

const giveKey = (session: Session, key: string): Promise<unknown> =>
  session.apiKeys.set({ gemini: Secret.of(key), cartesia: null, validated: true });
const giveVoice = (session: Session, key: string): Promise<unknown> =>
  session.apiKeys.set({ gemini: null, cartesia: Secret.of(key), validated: true });
const idle = (): Promise<void> => Promise.resolve();

describe('the speech client of a session', () => {
  it('is made once, replaced with its key, and closed with the session', async () => {
    const { clients, sessions, session, told } = await bench();
    await giveVoice(session, 'one');
    await Promise.all([0, 1].map(() => clients.useVoice(session, idle)));
    await giveVoice(session, 'two');
    await clients.useVoice(session, idle);

    await sessions.end(session, 'reset');

    await expect
      .poll(() => told)
      .toEqual(['made the voice of one', 'made the voice of two', 'closed the voice of one', 'closed the voice of two']);
  });

  it('that cannot be made is none, with a warning that does not hold the key', async () => {
    const { clients, session, warned } = await bench(() => {
      throw new Error('no such voice');
    });
    await giveVoice(session, 'secret-one');
    expect(await clients.useVoice(session, (voice) => Promise.resolve(voice))).toBeUndefined();
    expect(warned.join('')).toContain('a speech client could not be made');
    expect(warned.join('')).not.toContain('secret-one');
  });

  it('is none without a key', async () => {
    const { clients, session, told } = await bench();
    expect(await clients.useVoice(session, (voice) => Promise.resolve(voice))).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('the model client of a session', () => {
  it('is made once for callers at the same time, and used again', async () => {
    const { clients, session, told } = await bench();
    await giveKey(session, 'one');

    const used = await Promise.all([0, 1].map(() => clients.useModel(session, (model) => Promise.resolve(model))));
    await clients.useModel(session, idle);

    expect(used[0]).toBe(used[1]);
    expect(told).toEqual(['made one']);
  });

  it('is replaced when the key is, and closed once its last user is done', async () => {
    const { clients, session, told } = await bench();
    await giveKey(session, 'one');
    const using = Promise.withResolvers<void>();
    const done = clients.useModel(session, () => using.promise);

    await giveKey(session, 'two');
    await clients.useModel(session, idle);
    expect(told).toEqual(['made one', 'made two']);

    using.resolve();
    await done;
    expect(told).toEqual(['made one', 'made two', 'closed one']);
  });

  it('is closed when the session ends', async () => {
    const { clients, sessions, session, told } = await bench();
    await giveKey(session, 'one');
    await clients.useModel(session, idle);

    await sessions.end(session, 'reset');

    await expect.poll(() => told).toEqual(['made one', 'closed one']);
  });

  it('is closed at shutdown, even in use', async () => {
    const { clients, session, told } = await bench();
    await giveKey(session, 'one');
    void clients.useModel(session, () => new Promise(() => undefined));
    await expect.poll(() => told).toEqual(['made one']);

    await clients.close(10);

    expect(told).toEqual(['made one', 'closed one']);
  });

  it('that cannot be made is an error of its own, and is tried again by the next caller', async () => {
    let failures = 1;
    const { clients, session, told } = await bench(() => {
      if (failures-- > 0) throw new Error('no such model');
    });
    await giveKey(session, 'one');

    await expect(clients.useModel(session, idle)).rejects.toBeInstanceOf(ClientNotMade);
    await clients.useModel(session, idle);

    expect(told).toEqual(['made one']);
  });

  it('that cannot be made is told in a friendly sentence that leads to the key form, and logged under its id', async () => {
    const { session, warned } = await bench();
    const log = makeLog('warn', { write: (line) => void warned.push(line) });
    const told = tellFault(
      log,
      new RunningTurn(session, { id: 'one', text: 'hello' }),
      new ClientNotMade('A model client could not be made.'),
    );
    expect(told).toMatchObject({ error: 'MODEL_UNAVAILABLE', message: expect.stringContaining('Please enter it again') as string });
    expect(warned.join('')).toContain(told.errorId);
  });

  it('whose close throws is reported and stops nothing', async () => {
    const reported: unknown[] = [];
    const hear = (message: unknown): void => void reported.push((message as { error: Error }).error.message);
    subscribe('holdfast:error', hear);
    const { clients, sessions, session } = await bench();
    await giveKey(session, 'one');
    await clients.useModel(session, async (model) => {
      Object.assign(model, {
        close: () => {
          throw new Error('it hangs');
        },
      });
    });

    await sessions.end(session, 'reset');
    await expect.poll(() => reported).toEqual(['it hangs']);
    unsubscribe('holdfast:error', hear);
  });
});
