import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GEMINI_KEY, openBarWithServices, type BarWithServices } from '../support/bar-with-services.ts';
import type { GeminiPart, GeminiStandIn } from '../support/gemini-stand-in.ts';
import type { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

let open: BarWithServices;
let bar: OpenBar;
let gemini: GeminiStandIn;
let guest: Visitor;

beforeAll(async () => {
  open = await openBarWithServices();
  ({ bar, gemini } = open);
});
afterAll(() => open[Symbol.asyncDispose]());
beforeEach(async () => {
  guest = bar.visitor();
  await guest.post('/api/keys', { gemini: GEMINI_KEY });
});

describe('Gemini with the session’s own key', () => {
  it('streams its answer, and is asked as configured', async () => {
    gemini.answerWith([[{ text: 'Good ' }], [{ text: 'evening! Come' }], [{ text: ' in. [STATE: happy]' }]]);

    const { events, reply } = await guest.say('good evening');

    expect(reply).toMatchObject({ text: 'Good evening! Come in.', emotion: 'happy' });
    expect(events.filter(({ name }) => name === 'text').length).toBeGreaterThan(1);
    const [{ model, key, body }] = gemini.requests as [(typeof gemini.requests)[number]];
    expect({ model, key }).toEqual({ model: 'gemini-3.5-flash', key: GEMINI_KEY });
    expect(body.generationConfig).toMatchObject({ temperature: 1, topP: 0.95, maxOutputTokens: 2048 });
    expect(body.systemInstruction?.parts[0]?.text).toMatch(/^Phase: greeting/);
  });

  it('calls the bar’s tools and is given their answers', async () => {
    gemini.answerWith(
      [[{ functionCall: { name: 'add_to_order', args: { item_name: 'Negroni' } } }]],
      [[{ text: 'One Negroni! [STATE: mixing]' }]],
    );

    const { reply } = await guest.say('surprise me');

    expect(reply).toMatchObject({ text: 'One Negroni!', tools: [{ name: 'add_to_order', status: 'ok' }] });
    expect((await guest.session()).payment.tab).toBe(1100);
    const [call, result] = gemini.requests[1]!.body.contents.slice(-2).flatMap(({ parts }) => parts);
    expect(call).toMatchObject({ functionCall: { name: 'add_to_order' }, thoughtSignature: 'c2lnbmVk' });
    expect(result).toMatchObject({ functionResponse: { name: 'add_to_order', response: { content: { status: 'ok' } } } });
    expect(gemini.requests[0]!.body.tools[0]!.functionDeclarations.map(({ name }) => name)).toContain('pay_bill');
  });

  it('sees what ran before it was asked as calls that are not its own', async () => {
    gemini.answerWith([[{ text: 'There you go.' }]]);
    await guest.say('a martini please');
    const parts = gemini.requests[0]!.body.contents.flatMap((content) => content.parts);
    expect(parts.find((part) => 'functionCall' in part)).toMatchObject({
      functionCall: { name: 'add_to_order' },
      thoughtSignature: 'skip_thought_signature_validator',
    });
  });

  it('has to answer after eight rounds of tools', async () => {
    const round = [[{ functionCall: { name: 'get_balance', args: {} } }]];
    gemini.answerWith(...Array.from({ length: 8 }, () => round), [[{ text: 'Enough of that.' }]]);

    expect((await guest.say('how rich am I in the grand scheme of things')).reply?.text).toBe('Enough of that.');

    expect(gemini.requests).toHaveLength(9);
  });

  it.each([
    [{ error: 'quota' }, 'QUOTA_EXCEEDED'],
    [{ errorInStream: 'quota' }, 'QUOTA_EXCEEDED'],
    [{ error: 'unauthenticated' }, 'KEY_INVALID'],
    [{ error: 'forbidden' }, 'KEY_INVALID'],
    [{ error: 'broken' }, 'MODEL_FAILED'],
    [{ error: 'overloaded' }, 'MODEL_FAILED'],
    [{ error: 'badRequest' }, 'INTERNAL'],
    [{ cutAfter: [{ text: 'Well, ' }], how: 'connection' }, 'MODEL_UNREACHABLE'],
    [{ cutAfter: [{ text: 'Well, ' }], how: 'end' }, 'MODEL_UNREACHABLE'],
  ] as const)('that answers %j fails the turn as %s, with an id that the log has', async (answer, code) => {
    gemini.answerWith(answer);

    const { error } = await guest.say('tell me a story');

    expect(error).toMatchObject({ error: code });
    expect(gemini.requests).toHaveLength(1);
    const line = bar.logged.find((each) => each.includes(error!.errorId!));
    expect(line).toContain('a turn failed');
    expect(line).not.toContain('tell me a story');
  });

  it('that refuses a key which was good before asks for it again', async () => {
    gemini.keys.delete(GEMINI_KEY);
    const { error } = await guest.say('tell me a story');
    gemini.keys.add(GEMINI_KEY);
    expect(error?.error).toBe('KEY_INVALID');
  });

  it('can be asked again with the same message when nothing was done yet', async () => {
    gemini.answerWith({ error: 'overloaded' });
    await guest.say('tell me a story', 'story');
    gemini.answerWith([[{ text: 'Once upon a time.' }]]);

    const { reply } = await guest.say('tell me a story', 'story');

    expect(reply?.text).toBe('Once upon a time.');
    const { messages, isBusy } = await guest.session();
    expect(messages.map(({ text }) => text)).toEqual(['tell me a story', 'Once upon a time.']);
    expect(isBusy).toBe(false);
    expect((await guest.say('tell me a story', 'story')).reply?.text).toBe('Once upon a time.');
    expect(gemini.requests).toHaveLength(1);
  });

  it('is not asked again when a tool has run: what it did stands', async () => {
    gemini.answerWith({ error: 'overloaded' });
    await guest.say('a martini please', 'martini');
    gemini.answerWith([[{ text: 'Again?' }]]);

    const { reply } = await guest.say('a martini please', 'martini');

    expect(reply).toMatchObject({ isCutOff: true, tools: [{ name: 'add_to_order' }] });
    expect((await guest.session()).payment.tab).toBe(1300);
  });

  it('ends an answer under the key that it began with, and takes the new one for the next', async () => {
    const rest = Promise.withResolvers<readonly GeminiPart[]>();
    gemini.answerWith({ first: [{ text: 'One moment. ' }, { text: 'So' }], rest: rest.promise }, [[{ text: 'Again.' }]]);
    gemini.keys.add('AIzaAnotherKey0123456789');
    const streaming = guest.say('tell me a story');
    await expect.poll(() => gemini.requests.length).toBe(1);

    expect((await guest.post('/api/keys', { gemini: 'AIzaAnotherKey0123456789' })).status).toBe(200);
    rest.resolve([{ text: ': there it is.' }]);

    expect((await streaming).reply?.text).toBe('One moment. So: there it is.');
    await guest.say('and again');
    expect(gemini.requests.map(({ key }) => key)).toEqual([GEMINI_KEY, 'AIzaAnotherKey0123456789']);
  });

  it('is stopped in mid-answer when the guest says so', async () => {
    gemini.answerWith('silence');
    const heard = guest.say('tell me a story', 'long');
    await expect.poll(() => gemini.requests.length).toBe(1);

    await guest.post('/api/chat/stop', { id: 'long' });

    expect((await heard).reply).toMatchObject({ isCutOff: true, text: '' });
  });
});

describe('an older Gemini', () => {
  it('is asked at a lower temperature', async () => {
    await using older = await openBarWithServices({ geminiModel: 'gemini-2.5-flash', serverKeys: { gemini: GEMINI_KEY } });
    older.gemini.answerWith([[{ text: 'Hi.' }]]);
    await older.bar.visitor().say('hello');
    expect(older.gemini.requests[0]).toMatchObject({ model: 'gemini-2.5-flash', body: { generationConfig: { temperature: 0.7 } } });
  });
});
