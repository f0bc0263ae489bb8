import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChatEvents } from '../../server/http/contract.ts';
import { CARTESIA_KEY, openBarWithServices } from '../support/bar-with-services.ts';
import { readEvents, type ReceivedEvent } from '../support/read-events.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import type { Visitor } from '../support/visitor.ts';

const QUICK = { modelId: 'sonic-test', voiceId: 'a-voice', pausesMs: [1, 1] };

const model = (): ScriptedModel => new ScriptedModel(['Welcome to MOK 5-ha! A beer is $5.00. ', '**Cheers**. [STATE: happy]']);

/** Sends a message whose reply is to be spoken. */
async function hear(visitor: Visitor, id = randomUUID(), isSpoken = true): Promise<readonly ReceivedEvent[]> {
  return await Array.fromAsync(readEvents(await visitor.post('/api/chat', { id, text: 'tell me something', isSpoken })));
}

function of<Name extends keyof ChatEvents>(events: readonly ReceivedEvent[], wanted: Name): ChatEvents[Name][] {
  return events.filter(({ name }) => name === wanted).map(({ data }) => data as ChatEvents[Name]);
}

const SAID = ['Welcome to Moksha!', 'A beer is five dollars.', 'Cheers.'];

describe('a reply that is spoken', () => {
  it('comes sentence by sentence from Cartesia, with the key of the session', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK });
    const visitor = open.bar.visitor();
    await visitor.post('/api/keys', { cartesia: CARTESIA_KEY });

    const events = await hear(visitor);

    expect(of(events, 'sentence').map(({ spoken, voice }) => [spoken, voice])).toEqual(SAID.map((spoken) => [spoken, 'cartesia']));
    expect(of(events, 'audio').map(({ index, wav }) => [index, Buffer.from(wav ?? '', 'base64').length])).toEqual(
      SAID.map((spoken, index) => [index, 44 + 4 * spoken.length]),
    );
    expect(open.cartesia.requests.map(({ key, body }) => [key, body.transcript])).toEqual(SAID.map((spoken) => [CARTESIA_KEY, spoken]));
  });

  it('never waits for its sound: the text is complete while the first sentence is still being made', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK });
    const visitor = open.bar.visitor();
    await visitor.post('/api/keys', { cartesia: CARTESIA_KEY });
    open.cartesia.hold();

    const names: string[] = [];
    for await (const { name } of readEvents(await visitor.post('/api/chat', { id: randomUUID(), text: 'hello', isSpoken: true }))) {
      names.push(name);
      if (name === 'complete') open.cartesia.release();
    }

    expect(names.indexOf('audio')).toBeGreaterThan(names.indexOf('complete'));
    expect(names.filter((name) => name === 'audio')).toHaveLength(3);
  });

  it('is silent from the sentence on that could not be said, and whole as a text', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK });
    const visitor = open.bar.visitor();
    await visitor.post('/api/keys', { cartesia: CARTESIA_KEY });
    open.cartesia.answerWith('speak', 'drop');

    const events = await hear(visitor);

    expect(of(events, 'audio').map(({ wav }) => wav === null)).toEqual([false, true]);
    expect(open.cartesia.requests).toHaveLength(4);
    expect(of(events, 'complete')[0]?.message.text).toBe('Welcome to MOK 5-ha! A beer is $5.00. **Cheers**.');
    expect(open.bar.logged.join('')).toContain('a sentence could not be spoken');
    expect(open.bar.logged.join('')).not.toContain(CARTESIA_KEY);
  });

  it('is left to the voice of the browser without a key', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK });
    const events = await hear(open.bar.visitor());
    expect(of(events, 'sentence').map(({ spoken, voice }) => [spoken, voice])).toEqual(SAID.map((spoken) => [spoken, 'browser']));
    expect(of(events, 'audio')).toEqual([]);
    expect(open.cartesia.requests).toEqual([]);
  });

  it('is not asked for unless the page says so', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK, serverKeys: { cartesia: CARTESIA_KEY } });
    const events = await hear(open.bar.visitor(), randomUUID(), false);
    expect([...of(events, 'sentence'), ...of(events, 'audio')]).toEqual([]);
    expect(open.cartesia.requests).toEqual([]);
  });

  it('is spoken once: a message that is sent again gives its reply without a sound', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK, serverKeys: { cartesia: CARTESIA_KEY } });
    const visitor = open.bar.visitor();
    const id = randomUUID();
    await hear(visitor, id);

    const again = await hear(visitor, id);

    expect(of(again, 'complete')).toHaveLength(1);
    expect(of(again, 'audio')).toEqual([]);
    expect(open.cartesia.requests).toHaveLength(3);
  });

  it('ends when it is stopped', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK, serverKeys: { cartesia: CARTESIA_KEY } });
    const visitor = open.bar.visitor();
    open.cartesia.answerWith('silence');
    const id = randomUUID();

    const names: string[] = [];
    for await (const { name } of readEvents(await visitor.post('/api/chat', { id, text: 'hello', isSpoken: true }))) {
      names.push(name);
      if (name === 'complete') await visitor.post('/api/chat/stop', { id });
    }

    expect(names.at(-1)).toBe('complete');
  });

  it('does not keep the next message of the session waiting', async () => {
    await using open = await openBarWithServices({ model: model(), voice: QUICK, serverKeys: { cartesia: CARTESIA_KEY } });
    const visitor = open.bar.visitor();
    await visitor.say('hello');
    open.cartesia.hold();
    const first = hear(visitor);
    await expect.poll(() => open.cartesia.requests.length).toBe(1);

    expect((await visitor.say('and now?')).reply?.text).not.toBe('');

    open.cartesia.release();
    expect(of(await first, 'audio')).toHaveLength(3);
  });
});
