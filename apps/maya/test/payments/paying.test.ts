import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { OpenBar, STORES } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

/** A guest with 31.00 on the tab and a tip of 15 %. */
async function guestWithTab(bar: OpenBar): Promise<Visitor> {
  const guest = bar.visitor();
  await guest.say('two dry martinis and a tap beer, please');
  await guest.post('/api/tip', { percentage: 15 });
  return guest;
}

async function pay(guest: Visitor): Promise<SessionView['payment']> {
  const response = await guest.post('/api/pay');
  expect(response.status).toBe(200);
  return ((await response.json()) as SessionView).payment;
}

/** Answers on the payment page, as somebody without the session's cookie. */
async function answer(bar: OpenBar, link: string, action: 'confirm' | 'decline'): Promise<Response> {
  return await bar.visitor().post(`${link}/${action}`);
}

describe.each(STORES)('paying on %s', (store) => {
  it('takes tab and tip once the guest has confirmed, and not before', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = await guestWithTab(bar);

    const { link, ...started } = await pay(guest);
    expect(started).toMatchObject({ status: 'processing', tab: 3100, tip: 465, total: 3565, paidTotal: 0, needsReconciliation: false });
    expect(await bar.provider.look(link!.slice(5))).toMatchObject({ amount: 3565, currency: 'USD', status: 'open' });

    expect((await answer(bar, link!, 'confirm')).status).toBe(303);

    const { payment, messages } = await guest.session();
    expect(payment).toMatchObject({
      status: 'completed',
      tab: 0,
      tip: 0,
      tipPercentage: null,
      total: 0,
      paidTotal: 3100,
      balance: 96_900,
      link: null,
    });
    expect(messages.at(-1)).toMatchObject({
      role: 'assistant',
      emotion: 'happy',
      text: '$35.65 received, thank you! Your tab is settled.',
    });
  });

  it('is one payment, however often and at once it is asked for and confirmed', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = await guestWithTab(bar);

    const links = new Set((await Promise.all([pay(guest), pay(guest), pay(guest)])).map(({ link }) => link));
    links.add((await pay(guest)).link);
    expect(links.size).toBe(1);
    const [link] = [...links];
    await Promise.all([answer(bar, link!, 'confirm'), answer(bar, link!, 'confirm'), answer(bar, link!, 'decline')]);

    const settled = await guest.until(({ payment }) => payment.status !== 'processing');
    expect(settled.payment.paidTotal).toBe(settled.payment.status === 'completed' ? 3100 : 0);
    expect(settled.messages.filter(({ text }) => text.startsWith('$35.65 received')).length).toBeLessThanOrEqual(1);
    const again = await guest.post('/api/pay');
    expect(again.status).toBe(settled.payment.status === 'completed' ? 409 : 200);
  });

  it('leaves what was ordered after it was started to the next payment', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = await guestWithTab(bar);
    const { link } = await pay(guest);

    await guest.say('a negroni please');
    expect((await guest.session()).payment).toMatchObject({ status: 'processing', tab: 4200, tip: 465, link });
    await answer(bar, link!, 'confirm');

    const { payment } = await guest.session();
    expect(payment).toMatchObject({
      status: 'pending',
      tab: 1100,
      tip: 0,
      tipPercentage: null,
      paidTotal: 3100,
      balance: 95_800,
      link: null,
    });
    const next = await pay(guest);
    expect(next.link).not.toBe(link);
    await answer(bar, next.link!, 'confirm');
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', tab: 0, paidTotal: 4200, balance: 95_800 });
  });

  it('that is declined charges nothing, keeps tab and tip, and can be tried again under a new link', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = await guestWithTab(bar);
    const { link } = await pay(guest);

    await answer(bar, link!, 'decline');

    const { payment, messages } = await guest.session();
    expect(payment).toMatchObject({ status: 'pending', tab: 3100, tipPercentage: 15, tip: 465, paidTotal: 0, link: null });
    expect(messages.at(-1)?.text).toContain('declined');
    const second = await pay(guest);
    expect(second.link).not.toBe(link);
    await answer(bar, second.link!, 'confirm');
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 3100 });
  });

  it('can be cancelled: the link is worth nothing any more', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = await guestWithTab(bar);
    const { link } = await pay(guest);

    const response = await guest.post('/api/pay/cancel');

    expect(((await response.json()) as SessionView).payment).toMatchObject({ status: 'pending', tab: 3100, tip: 465, link: null });
    await answer(bar, link!, 'confirm');
    expect(await bar.provider.look(link!.slice(5))).toMatchObject({ status: 'cancelled' });
    expect((await guest.session()).payment).toMatchObject({ status: 'pending', paidTotal: 0 });
  });
});

describe('a payment under way', () => {
  it('keeps its items and its tip: neither can be taken back', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithTab(bar);
    await pay(guest);

    await guest.say('cancel my order');
    const refused = await guest.post('/api/tip', { percentage: 20 });

    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: 'PAYMENT_FAILED' });
    expect((await guest.session()).payment).toMatchObject({ tab: 3100, tip: 465, balance: 96_900, status: 'processing' });
  });

  it('keeps the session from being reset', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithTab(bar);
    await pay(guest);

    expect((await guest.post('/api/reset')).status).toBe(409);
    await guest.post('/api/pay/cancel');
    expect((await guest.post('/api/reset')).status).toBe(204);
    expect(await guest.answer()).toEqual({ session: null, keys: { gemini: 'none', cartesia: 'none', isGeminiNeeded: false } });
  });
});

describe('paying in words', () => {
  it('gives the link, tells that it waits, and then that it is paid', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithTab(bar);

    expect((await guest.say('I would like to pay my bill')).reply?.text).toContain('it is paid once you confirm it there');
    expect((await guest.say('did my payment go through?')).reply?.text).toContain('waits for you');
    await answer(bar, (await guest.session()).payment.link!, 'confirm');
    expect((await guest.say('did my payment go through?')).reply?.text).toContain('All paid');
  });

  it('refuses to pay an empty tab', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    const { reply } = await guest.say('I will pay my tab now');
    expect(reply?.tools).toEqual([{ name: 'pay_bill', status: 'error', summary: 'There is nothing on your tab to pay.' }]);
    const response = await guest.post('/api/pay');
    expect([response.status, await response.json()]).toMatchObject([409, { error: 'PAYMENT_FAILED' }]);
  });

  it('opens a new tab with the first order after a completed payment', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithTab(bar);
    await answer(bar, (await pay(guest)).link!, 'confirm');
    expect((await guest.post('/api/tip', { percentage: 10 })).status).toBe(409);

    await guest.say('a water please');

    expect((await guest.session()).payment).toMatchObject({ status: 'pending', tab: 100, tip: 0, paidTotal: 3100, balance: 96_800 });
  });
});
