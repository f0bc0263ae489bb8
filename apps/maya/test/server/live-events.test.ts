import { describe, expect, it } from 'vitest';
import { LiveViews } from '../support/live-views.ts';
import { OpenBar } from '../support/open-bar.ts';

describe('a second page of the session', () => {
  it('gets the session as it is, then every change of it, with growing revisions', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    const live = new LiveViews(await bar.visitor(guest.cookie).live(page.signal));

    const first = await live.next();
    expect(first).toEqual(await guest.session());
    const said = guest.say('a martini please');
    const ordered = await live.next(({ payment }) => payment.tab === 1300);
    await said;
    await guest.post('/api/tip', { percentage: 20 });
    const tipped = await live.next(({ payment }) => payment.tip === 260);
    await guest.post('/api/pay');
    const paying = await live.next(({ payment }) => payment.status === 'processing');
    await bar.visitor().post(`${paying.payment.link}/confirm`);
    const paid = await live.next(({ payment }) => payment.status === 'completed');

    const revisions = [first, ordered, tipped, paying, paid].map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    expect(paid).toEqual(await guest.session());
    page.abort();
  });

  it('gets each message once, however long the conversation is', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    for (const text of ['hello', 'a martini please', 'thanks']) await guest.say(text);
    const page = new AbortController();
    const live = new LiveViews(await bar.visitor(guest.cookie).live(page.signal));
    expect((await live.next()).messages).toHaveLength(6);

    for (const text of ['one beer please', 'cheers']) void (await guest.say(text));
    const last = await live.next(({ messages, isBusy }) => messages.length === 10 && !isBusy);

    expect(last).toEqual(await guest.session());
    const [all, ...news] = live.sent;
    expect(all).toMatchObject({ messagesFrom: 0, messages: { length: 6 } });
    const ids = news.flatMap(({ messages }) => messages.map(({ id }) => id));
    expect(ids).toEqual(last.messages.slice(6).map(({ id }) => id));
    page.abort();
  });

  it('hears the words of a turn that another page has sent', async () => {
    await using bar = await OpenBar.open({ wordDelayMs: 2 });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    const live = await bar.visitor(guest.cookie).live(page.signal);

    const said = guest.say('tell me a joke', 'joke');
    let text = '';
    for (let next = await live.next(); !next.done && next.value.name !== 'complete'; next = await live.next()) {
      if (next.value.name === 'text') text += (next.value.data as { delta: string }).delta;
    }

    expect(text).toBe((await said).reply?.text);
    page.abort();
  });

  it('sees that a turn is running', async () => {
    await using bar = await OpenBar.open({ wordDelayMs: 20 });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    const live = new LiveViews(await bar.visitor(guest.cookie).live(page.signal));

    const said = guest.say('tell me a joke');
    await live.next(({ isBusy }) => isBusy);
    const after = await live.next(({ isBusy }) => !isBusy);
    await said;

    expect(after.messages).toHaveLength(4);
    page.abort();
  });

  it.each([
    ['reset', async (bar: OpenBar, cookie: string | undefined) => void (await bar.visitor(cookie).post('/api/reset'))],
    ['shutdown', async (bar: OpenBar) => await bar.close()],
  ])('is told when the session ends by a %s', async (reason, end) => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('hello');
    const live = new LiveViews(await bar.visitor(guest.cookie).live(new AbortController().signal));
    await live.next();

    await end(bar, guest.cookie);

    expect((await live.rest()).at(-1)).toEqual({ name: 'ended', data: { reason } });
  });
});
