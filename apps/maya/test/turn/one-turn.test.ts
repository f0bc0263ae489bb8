import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DiagnosticMessages } from 'holdfast';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

describe('a message with one id', () => {
  it('is one turn when it is sent twice at once', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('hello');

    const [first, second] = await Promise.all([guest.say('a martini please', 'twice'), guest.say('a martini please', 'twice')]);

    expect(second.reply).toEqual(first.reply);
    const { payment, messages } = await guest.session();
    expect(payment.tab).toBe(1300);
    expect(messages).toHaveLength(4);
  });

  it('gets the same reply when it is sent again later, and orders nothing again', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    const first = await guest.say('a martini please', 'once');
    await guest.say('how are you?');

    const again = await guest.say('a martini please', 'once');

    expect(again.reply).toEqual(first.reply);
    const { payment, messages } = await guest.session();
    expect(payment.tab).toBe(1300);
    expect(messages).toHaveLength(4);
  });

  it('is refused when it comes with another text', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please', 'once');

    const other = await guest.say('two martinis please', 'once');

    expect(other).toMatchObject({ status: 409, error: { error: 'CONFLICT' } });
    expect((await guest.session()).payment.tab).toBe(1300);
  });
});

describe('several messages at once', () => {
  it('of one session are answered one after the other', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const guest = bar.visitor();
    await guest.say('hello');

    await Promise.all(['a martini please', 'a negroni please', 'a tap beer please', 'a water please'].map((text) => guest.say(text)));

    const { messages, payment } = await guest.session();
    expect(messages.map(({ role }) => role)).toEqual(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    expect(payment).toMatchObject({ tab: 3000, balance: 97_000 });
    expect(
      messages
        .slice(2)
        .filter(({ role }) => role === 'assistant')
        .every(({ tools }) => tools?.length === 1),
    ).toBe(true);
  });

  it('of several sessions do not wait for each other', async () => {
    const gate = Promise.withResolvers<void>();
    const model = new ScriptedModel([() => gate.promise, 'At last.'], ['At once.']);
    await using bar = await OpenBar.open({ model });
    const slow = bar.visitor().say('hello');
    while (model.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    expect((await bar.visitor().say('hello')).reply?.text).toBe('At once.');
    gate.resolve();
    expect((await slow).reply?.text).toBe('At last.');
  });
});

describe('a turn', () => {
  it('waits for the disk three times, and lets the next one begin together with its reply', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('hello');
    const commits: DiagnosticMessages['holdfast:commit'][] = [];
    const keep = (message: unknown): unknown => commits.push(message as DiagnosticMessages['holdfast:commit']);
    subscribe('holdfast:commit', keep);
    onTestFinished(() => void unsubscribe('holdfast:commit', keep));

    await guest.say('a martini please');

    const batches = commits.map(({ actor = 'lease', durability, batchSize }) => [actor, durability, batchSize]);
    expect(batches).toEqual([
      ['lease', 'written', 1],
      ['guest', 'synced', 1],
      ['tool:add_to_order', 'synced', 1],
      ['maya', 'synced', 2],
      ['lease', 'written', 2],
    ]);
  });

  it('sends its own messages alone, however long the conversation before it is', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    for (const text of ['hello', 'a martini please', 'thanks']) await guest.say(text);

    const { events } = await guest.say('one beer please', 'last');

    const views = events.filter(({ name }) => name === 'state').map(({ data }) => data as SessionView);
    const { messages } = await guest.session();
    expect(views.map(({ messagesFrom }) => messagesFrom)).toEqual(views.map(() => 6));
    expect(views[0]?.messages).toEqual([messages[6]]);
    expect(views.at(-1)?.messages).toEqual(messages.slice(6));
  });

  it('is finished when the page that sent its message is gone', async () => {
    const gate = Promise.withResolvers<void>();
    await using bar = await OpenBar.open({ model: new ScriptedModel(['Hello.'], ['One ', () => gate.promise, 'martini.']) });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    await guest.request('/api/chat', {
      method: 'POST',
      body: JSON.stringify({ id: 'gone', text: 'a martini please' }),
      signal: page.signal,
    });

    page.abort();
    gate.resolve();

    const { messages, payment } = await guest.until(({ isBusy, messages: all }) => !isBusy && all.length === 4);
    expect(messages.at(-1)).toMatchObject({ text: 'One martini.', tools: [{ name: 'add_to_order', status: 'ok' }] });
    expect(payment.tab).toBe(1300);
  });

  it('ends where it is when the guest stops it, and keeps what was said and done', async () => {
    const said = Promise.withResolvers<void>();
    const model = new ScriptedModel(
      ['Hello.'],
      ['Let me tell you', () => said.promise.then(() => new Promise<void>(() => {})), ' everything.'],
    );
    await using bar = await OpenBar.open({ model });
    const guest = bar.visitor();
    await guest.say('hello');
    const turn = guest.say('a martini please', 'stopped');
    await guest.until(({ payment }) => payment.tab > 0);
    said.resolve();

    expect((await guest.post('/api/chat/stop', { id: 'stopped' })).status).toBe(204);

    expect((await turn).reply).toMatchObject({ isCutOff: true, tools: [{ name: 'add_to_order' }] });
    expect((await guest.session()).isBusy).toBe(false);
    expect((await guest.say('a martini please', 'stopped')).reply).toEqual((await turn).reply);
    expect((await guest.session()).payment.tab).toBe(1300);
  });
});
