import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveViews } from '../support/live-views.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

/** Begins to answer the second message and says nothing more. */
const speaker = (): ScriptedModel => new ScriptedModel(['Hello.'], ['Well. ', () => new Promise(() => {})]);

describe.each(['sqlite', 'postgres'] as const)('two servers on one %s', (store) => {
  let a: OpenBar;
  let b: OpenBar;
  beforeEach(async () => {
    a = await OpenBar.open({ store, model: speaker(), turnLeaseMs: 500, drainMs: 10 });
    b = await OpenBar.open({ store, model: new ScriptedModel(['Here I am.']), kept: a.kept, turnLeaseMs: 500 });
  });
  afterEach(async () => {
    await b.close();
    await a[Symbol.asyncDispose]();
  });

  it('see at once what the other has committed', async () => {
    const guest = a.visitor();
    await guest.say('a martini please');
    const { cookie } = guest;
    for (const [bar, percentage] of [
      [a, 10],
      [b, 15],
      [a, 20],
    ] as const) {
      await bar.visitor(cookie).post('/api/tip', { percentage });
      for (const each of [a, b]) expect((await each.visitor(cookie).session()).payment.tipPercentage).toBe(percentage);
    }
  });

  it('show a turn of the other as running, and end its answer when they are asked to', async () => {
    const guest = a.visitor();
    await guest.say('hello');
    const said = guest.say('tell me a story');
    const other = b.visitor(guest.cookie);
    const live = new LiveViews(await other.live(AbortSignal.timeout(20_000)));
    await live.next(({ isBusy }) => isBusy);

    expect((await other.post('/api/chat/stop')).status).toBe(204);

    expect(await live.next(({ isBusy }) => !isBusy)).toMatchObject({ messages: { length: 4, 3: { isCutOff: true } } });
    expect((await said).reply?.isCutOff).toBe(true);
  });

  it('take the next message after the turn of the other', async () => {
    const guest = a.visitor();
    await guest.say('hello');
    const said = guest.say('tell me a story');
    const other = b.visitor(guest.cookie);
    await other.until(({ isBusy }) => isBusy);
    const next = other.say('and now?');
    await guest.post('/api/chat/stop');
    await said;
    expect((await next).reply?.text).toBe('Here I am.');
  });

  it('show a turn as cut off once the server that ran it is gone, without being asked', async () => {
    const guest = a.visitor();
    await guest.say('hello');
    void guest.say('tell me a story');
    const live = new LiveViews(await b.visitor(guest.cookie).live(AbortSignal.timeout(20_000)));
    await live.next(({ isBusy }) => isBusy);
    // A server that is stopped renews its lease no more, and writes nothing either.
    await a.maya.state.close();
    expect(await live.next(({ isBusy }) => !isBusy)).toMatchObject({ messages: { length: 4, 3: { isCutOff: true } } });
  });

  it('tell the pages of both when one ends the session', async () => {
    const guest = a.visitor();
    await guest.say('hello');
    const pages = await Promise.all(
      [a, b].map(async (bar) => new LiveViews(await bar.visitor(guest.cookie).live(AbortSignal.timeout(20_000)))),
    );
    for (const live of pages) await live.next();
    await b.visitor(guest.cookie).post('/api/reset');
    for (const live of pages) expect((await live.rest()).at(-1)).toEqual({ name: 'ended', data: { reason: 'reset' } });
  });
});
