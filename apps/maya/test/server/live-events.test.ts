import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { OpenBar } from '../support/open-bar.ts';
import type { ReceivedEvent } from '../support/read-events.ts';

type Live = AsyncGenerator<ReceivedEvent, void, undefined>;

/** The next view that is as wished; those before are skipped. */
async function nextView(live: Live, isWished: (view: SessionView) => boolean): Promise<SessionView> {
  for (let next = await live.next(); !next.done; next = await live.next()) {
    const { name, data } = next.value;
    if (name === 'state' && isWished(data as SessionView)) return data as SessionView;
  }
  throw new Error('The stream ended.');
}

describe('a second page of the session', () => {
  it('gets the session as it is, then every change of it, with growing revisions', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const guest = bar.visitor();
    await guest.say('hello');
    const page = new AbortController();
    const live = await bar.visitor(guest.cookie).live(page.signal);

    const first = await nextView(live, () => true);
    expect(first).toEqual(await guest.session());
    const said = guest.say('a martini please');
    const ordered = await nextView(live, ({ payment }) => payment.tab === 1300);
    await said;
    await guest.post('/api/tip', { percentage: 20 });
    const tipped = await nextView(live, ({ payment }) => payment.tip === 260);
    await guest.post('/api/pay');
    const paying = await nextView(live, ({ payment }) => payment.status === 'processing');
    await bar.visitor().post(`${paying.payment.link}/confirm`);
    const paid = await nextView(live, ({ payment }) => payment.status === 'completed');

    const revisions = [first, ordered, tipped, paying, paid].map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    expect(paid).toEqual(await guest.session());
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
    const live = await bar.visitor(guest.cookie).live(page.signal);

    const said = guest.say('tell me a joke');
    await nextView(live, ({ isBusy }) => isBusy);
    const after = await nextView(live, ({ isBusy }) => !isBusy);
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
    const live = await bar.visitor(guest.cookie).live(new AbortController().signal);
    await nextView(live, () => true);

    await end(bar, guest.cookie);

    expect((await Array.fromAsync(live)).at(-1)).toEqual({ name: 'ended', data: { reason } });
  });
});
