import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFromEnvironment } from 'holdfast';
import { describe, expect, it } from 'vitest';
import { KeyFault } from '../../server/keys/key-fault.ts';
import { passingKey } from '../../server/keys/master-keys.ts';
import { CARTESIA_KEY, GEMINI_KEY, openBarWithServices } from '../support/bar-with-services.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

const NONE = { gemini: 'none', cartesia: 'none', isGeminiNeeded: false };

describe('a key form', () => {
  it('is checked with the services and stored; no answer holds a key', async () => {
    await using open = await openBarWithServices();
    const guest = open.bar.visitor();
    expect(await (await guest.request('/api/keys')).json()).toEqual(NONE);

    const response = await guest.post('/api/keys', { gemini: `  ${GEMINI_KEY}\n`, cartesia: CARTESIA_KEY });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ gemini: 'session', cartesia: 'session', isGeminiNeeded: false });
    expect((await guest.session()).keys).toEqual({ gemini: 'session', cartesia: 'session', isGeminiNeeded: false });
  });

  it('leaves a key as it was that it does not name', async () => {
    await using open = await openBarWithServices();
    const guest = open.bar.visitor();
    await guest.post('/api/keys', { gemini: GEMINI_KEY });

    await guest.post('/api/keys', { cartesia: CARTESIA_KEY });

    expect((await guest.session()).keys).toMatchObject({ gemini: 'session', cartesia: 'session' });
  });

  it.each([
    ['empty', { gemini: '  ' }, 400, 'KEY_EMPTY', 'gemini'],
    ['invalid', { gemini: 'AIzaWrong' }, 400, 'KEY_INVALID', 'gemini'],
    ['invalid', { gemini: GEMINI_KEY, cartesia: 'wrong' }, 400, 'KEY_INVALID', 'cartesia'],
  ])('that is %s is told so, and nothing of it is stored', async (_what, form, status, error, field) => {
    await using open = await openBarWithServices();
    const guest = open.bar.visitor();

    const response = await guest.post('/api/keys', form);

    expect([response.status, await response.json()]).toEqual([status, { error, field, message: expect.any(String) as string }]);
    expect(await guest.answer()).toEqual({ session: null, keys: NONE });
  });

  it.each([
    ['quota', 429, 'KEY_QUOTA'],
    ['unauthenticated', 400, 'KEY_INVALID'],
    ['forbidden', 400, 'KEY_INVALID'],
    ['broken', 502, 'KEY_UNKNOWN'],
    ['badRequest', 502, 'KEY_UNKNOWN'],
  ] as const)('tells a service’s answer %s apart', async (listing, status, error) => {
    await using open = await openBarWithServices();
    open.gemini.listing = listing;

    const response = await open.bar.visitor().post('/api/keys', { gemini: GEMINI_KEY });

    expect([response.status, await response.json()]).toMatchObject([status, { error }]);
  });

  it('tells a service that cannot be reached apart', async () => {
    await using open = await openBarWithServices();
    await open.gemini[Symbol.asyncDispose]();
    const response = await open.bar.visitor().post('/api/keys', { gemini: GEMINI_KEY });
    expect([response.status, await response.json()]).toMatchObject([502, { error: 'KEY_NETWORK' }]);
    open.gemini[Symbol.asyncDispose] = () => Promise.resolve();
  });

  it('tells a server that cannot keep keys apart', async () => {
    await using open = await openBarWithServices({ masterKeys: keyFromEnvironment('MAYA_TEST_VARIABLE_THAT_IS_NOT_SET') });
    const response = await open.bar.visitor().post('/api/keys', { gemini: GEMINI_KEY });
    expect([response.status, await response.json()]).toMatchObject([503, { error: 'KEY_SERVER_CONFIGURATION' }]);
  });

  it('is told each kind of fault in a sentence of its own', () => {
    const kinds = ['empty', 'invalid', 'quota', 'network', 'server_configuration', 'unknown'] as const;
    const sentences = kinds.map((kind) => new KeyFault(kind, 'gemini').message);
    expect(new Set(sentences).size).toBe(kinds.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('that was sent last wins over one that is still being checked', async () => {
    await using open = await openBarWithServices();
    const guest = open.bar.visitor();
    await guest.say('hello');
    open.gemini.keys.add('AIzaFirstKey');
    open.gemini.listing = 'hold';
    const first = guest.post('/api/keys', { gemini: 'AIzaFirstKey' });
    await expect.poll(() => open.gemini.held.length).toBe(1);
    open.gemini.listing = undefined;

    const second = await guest.post('/api/keys', { gemini: GEMINI_KEY });

    expect([(await first).status, second.status]).toEqual([409, 200]);
    open.gemini.answerWith([[{ text: 'Hi.' }]]);
    await guest.say('hello');
    expect(open.gemini.requests.map(({ key }) => key)).toEqual([GEMINI_KEY]);
  });

  it('that is not of the agreed form is refused without an echo', async () => {
    await using open = await openBarWithServices();
    const response = await open.bar.visitor().post('/api/keys', { gemini: GEMINI_KEY, openai: 'sk_test_123' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/AIza|sk_test/);
  });
});

describe('keys of a session', () => {
  it('survive its first message and a restart, and end with a reset', async () => {
    await using first = await openBarWithServices({ store: 'sqlite' });
    const guest = first.bar.visitor();
    await guest.post('/api/keys', { gemini: GEMINI_KEY });
    first.gemini.answerWith([[{ text: 'Welcome.' }]]);
    expect((await guest.say('hello')).reply?.text).toBe('Welcome.');
    const bar = await first.bar.reopen({ store: 'sqlite' });
    await using _ = bar;
    const again = bar.visitor(guest.cookie);

    expect((await again.say('hello again')).reply?.text).toBe('Welcome.');
    await again.post('/api/reset');

    expect((await again.answer()).keys).toEqual(NONE);
    expect((await again.say('hello')).reply?.text).toContain('Maya');
  });

  it('can be removed: then the house serves', async () => {
    await using open = await openBarWithServices({ model: new ScriptedModel(['The house.']) });
    const guest = open.bar.visitor();
    await guest.post('/api/keys', { gemini: GEMINI_KEY });

    const response = await guest.request('/api/keys', { method: 'DELETE' });

    expect(await response.json()).toEqual(NONE);
    expect((await guest.say('hello')).reply?.text).toBe('The house.');
    expect(open.gemini.requests).toEqual([]);
  });

  it('that cannot be decrypted count as absent, are logged without their value, and the page is told', async () => {
    await using first = await openBarWithServices({ store: 'sqlite' });
    const guest = first.bar.visitor();
    await guest.post('/api/keys', { gemini: GEMINI_KEY });
    const bar = await first.bar.reopen({ masterKeys: passingKey(), model: new ScriptedModel(['The house.']) });
    await using _ = bar;
    const again = bar.visitor(guest.cookie);

    expect((await again.session()).keys).toEqual({ gemini: 'unreadable', cartesia: 'none', isGeminiNeeded: false });
    expect((await again.say('hello')).reply?.text).toBe('The house.');
    const line = bar.logged.find((each) => each.includes('cannot be decrypted'));
    expect(line).toContain('"key":"gemini"');
    expect(bar.logged.join()).not.toContain(GEMINI_KEY);
  });

  it('are asked for before the first turn where the bar wants it, and the server’s own do', async () => {
    await using open = await openBarWithServices({ requiresKeys: true, model: new ScriptedModel(['The house.']) });
    const guest = open.bar.visitor();

    expect((await guest.answer()).keys).toEqual({ ...NONE, isGeminiNeeded: true });
    const refused = await guest.say('hello');
    expect([refused.status, refused.error]).toMatchObject([403, { error: 'KEY_REQUIRED' }]);
    expect(guest.cookie).toBeUndefined();

    await guest.post('/api/keys', { gemini: GEMINI_KEY });
    open.gemini.answerWith([[{ text: 'Hello from Gemini.' }]]);
    expect((await guest.say('hello')).reply?.text).toBe('Hello from Gemini.');
  });

  it('fall back on those of the server', async () => {
    await using open = await openBarWithServices({ requiresKeys: true, serverKeys: { gemini: GEMINI_KEY } });
    open.gemini.answerWith([[{ text: 'Hello from Gemini.' }]]);
    const guest = open.bar.visitor();

    expect((await guest.answer()).keys).toEqual({ gemini: 'server', cartesia: 'none', isGeminiNeeded: false });
    expect((await guest.say('hello')).reply?.text).toBe('Hello from Gemini.');
  });

  it('appear in no log line, event, answer or byte of the store', async () => {
    await using open = await openBarWithServices({ store: 'sqlite' });
    const guest = open.bar.visitor();
    const said: string[] = [];
    const post = async (path: string, body: unknown): Promise<void> => void said.push(await (await guest.post(path, body)).text());
    await post('/api/keys', { gemini: GEMINI_KEY, cartesia: CARTESIA_KEY });
    for (const answer of [{ error: 'quota' }, { error: 'broken' }, [[{ text: 'Fine.' }]]] as const) {
      open.gemini.answerWith(answer);
      said.push(JSON.stringify(await guest.say('tell me a story')));
    }
    await post('/api/keys', { gemini: 'AIzaRefusedKey' });
    await post('/api/keys', { gemini: GEMINI_KEY, cartesia: 'sk_car_refused' });
    said.push(await (await guest.request('/api/session')).text(), await (await guest.request('/api/keys')).text());
    await open.bar.close();

    const { directory } = open.bar;
    const files = await Promise.all((await readdir(directory)).map((file) => readFile(join(directory, file), 'latin1')));
    const everything = [...open.bar.logged, ...said, ...files].join('\n');
    expect(everything).toContain('a turn failed');
    for (const key of [GEMINI_KEY, CARTESIA_KEY, 'AIzaRefusedKey', 'sk_car_refused']) expect(everything).not.toContain(key);
  });
});
