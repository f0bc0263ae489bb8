import { describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

const NO_KEYS = { gemini: 'none', cartesia: 'none', isGeminiNeeded: false };

describe('a session', () => {
  it('is made by the first message, with 128 random bits in a signed cookie that scripts cannot read', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    expect(await guest.answer()).toEqual({ session: null, keys: NO_KEYS });
    expect(guest.cookie).toBeUndefined();

    const response = await guest.post('/api/chat', { id: 'first', text: 'hello' });
    await response.text();

    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^maya_session=[\w-]{22}\.[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/) as string,
    ]);
    expect((await guest.session()).messages).toHaveLength(2);
  });

  it('is nobody else’s', async () => {
    await using bar = await OpenBar.open();
    const [one, other] = [bar.visitor(), bar.visitor()];
    await one.say('a martini please');
    await other.say('a tap beer please');

    expect((await one.session()).payment.tab).toBe(1300);
    expect((await other.session()).payment.tab).toBe(500);
    expect(one.cookie).not.toBe(other.cookie);
  });

  it.each([
    ['a well-formed id that was never given', 'maya_session=AAAAAAAAAAAAAAAAAAAAAA'],
    ['such an id with a signature of nobody’s', `maya_session=AAAAAAAAAAAAAAAAAAAAAA.${'A'.repeat(43)}`],
    ['an id of the visitor’s own making', 'maya_session=my-session'],
    ['a path', 'maya_session=..%2F..%2Fetc%2Fpasswd'],
    ['300 characters', `maya_session=${'a'.repeat(300)}`],
    ['__proto__', 'maya_session=__proto__'],
  ])('is not made of a forged cookie: %s', async (_what, cookie) => {
    await using bar = await OpenBar.open();
    const forger = bar.visitor(cookie);

    expect(await forger.answer()).toEqual({ session: null, keys: NO_KEYS });
    for (const path of ['/api/pay', '/api/pay/cancel', '/api/reset', '/api/chat/stop']) expect((await forger.post(path)).status).toBe(401);
    expect((await forger.request('/api/events')).status).toBe(401);
    await forger.say('a martini please');

    expect(forger.cookie).not.toBe(cookie);
    expect((await forger.session()).payment.tab).toBe(1300);
    expect((await bar.maya.state.list({ scope: 'conversation' })).map(({ id }) => id)).toEqual([forger.sessionId]);
  });

  it('that is reset in the middle of an answer ends that first', async () => {
    const model = new ScriptedModel(['Hello.'], ['Well. ', 'Once ', () => new Promise(() => undefined)], ['Good evening.']);
    await using bar = await OpenBar.open({ model, drainMs: 10 });
    const guest = bar.visitor();
    await guest.say('hello');
    const said = bar.visitor(guest.cookie).say('tell me a story');
    await guest.until(({ isBusy }) => isBusy);
    expect((await guest.post('/api/reset')).status).toBe(204);
    expect((await said).reply?.isCutOff).toBe(true);
    expect(await bar.maya.state.list({ scope: 'conversation' })).toEqual([]);
    expect((await guest.say('hello again')).reply?.text).toBe('Good evening.');
  });

  it('that is reset is gone with all it had, and the next message begins a new one', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const guest = bar.visitor();
    await guest.say('a martini please');
    const { cookie } = guest;

    expect((await guest.post('/api/reset')).status).toBe(204);

    expect(await bar.visitor(cookie).answer()).toEqual({ session: null, keys: NO_KEYS, notice: 'expired' });
    await guest.say('hello');
    expect(guest.cookie).not.toBe(cookie);
    const { payment, messages, order } = await guest.session();
    expect({ ...payment, messages: messages.length, order }).toMatchObject({ balance: 100_000, tab: 0, messages: 2, order: { items: [] } });
  });
});

describe('a session that is not used', () => {
  it('expires, is deleted when it is found so, and the visitor is told', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ store: 'sqlite', clock: () => now, sessionExpiresAfterMs: 60_000 });
    const guest = bar.visitor();
    await guest.say('a martini please');
    const { cookie } = guest;

    now += 60_001;

    expect(await guest.answer()).toEqual({ session: null, keys: NO_KEYS, notice: 'expired' });
    expect(await bar.maya.state.list({ scope: 'conversation' })).toEqual([]);
    const { events } = await guest.say('hello');
    expect(events[0]).toMatchObject({ name: 'session', data: { notice: 'expired' } });
    expect(guest.cookie).not.toBe(cookie);
    expect((await guest.session()).payment.tab).toBe(0);
  });

  it('is used as long as a page of it is open, however soon it would expire', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ sessionExpiresAfterMs: 300, clock: () => now });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    await (await guest.live(page.signal)).next();
    const session = bar.maya.state.conversation(guest.sessionId);
    for (let round = 0; round < 3; round++) {
      now += 200;
      await expect.poll(async () => (await session.expiresAt())! - now, { timeout: 10_000 }).toBe(300);
    }
    page.abort();
    const isLeft = async (): Promise<boolean> => {
      now += 301;
      await bar.maya.state.sweep();
      return await session.exists();
    };
    await expect.poll(isLeft, { timeout: 10_000 }).toBe(false);
  });

  it('leaves behind what its payments were for, for 400 days', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ store: 'sqlite', clock: () => now });
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');
    await bar.visitor().post(`${(await guest.session()).payment.link}/confirm`);
    await guest.until(({ payment }) => payment.status === 'completed');
    const left = async (days: number): Promise<number[]> => {
      now += days * 24 * 3_600_000;
      await bar.maya.state.sweep();
      return [(await bar.maya.state.list({ scope: 'conversation' })).length, (await bar.maya.state.list({ scope: 'workflow' })).length];
    };
    expect([await left(0), await left(399), await left(2)]).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('is kept while a payment of it is open', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ clock: () => now, sessionExpiresAfterMs: 60_000, cleanupEveryMs: 20 });
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');

    now += 60_001;
    await bar.maya.state.sweep();

    expect((await guest.session()).payment.status).toBe('processing');
  });

  it('is removed by the sweep, which the log tells without its id', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ clock: () => now, sessionExpiresAfterMs: 60_000, cleanupEveryMs: 20 });
    const guest = bar.visitor();
    await guest.say('hello');

    now += 60_001;
    await expect.poll(() => bar.logged.some((line) => line.includes('expired sessions removed'))).toBe(true);

    expect(await bar.maya.state.list({ scope: 'conversation' })).toEqual([]);
    expect(bar.logged.join()).not.toContain(guest.sessionId);
  });
});
