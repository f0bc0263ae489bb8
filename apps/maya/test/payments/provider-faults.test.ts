import { describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

/** Four attempts in no time. */
const IMPATIENT = { attemptWaitsMs: [10, 20, 40] };

async function guestWithMartini(bar: OpenBar): Promise<Visitor> {
  const guest = bar.visitor();
  await guest.say('a martini please');
  return guest;
}

describe('a provider that fails', () => {
  it('whose reply is lost is asked what it has: one payment, and it can be paid', async () => {
    await using bar = await OpenBar.open({ linkWaitMs: 5_000, paymentTimes: IMPATIENT });
    const guest = await guestWithMartini(bar);
    bar.faults.set('create', 'lose-reply');

    const response = await guest.post('/api/pay');

    expect(response.status).toBe(200);
    const { payment } = await guest.session();
    expect(payment).toMatchObject({ status: 'processing', needsReconciliation: false, tab: 1300 });
    await bar.visitor().post(`${payment.link}/confirm`);
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });

  it('is never shown as paid while nobody knows, and a second payment is kept out', async () => {
    await using bar = await OpenBar.open({ linkWaitMs: 300, paymentTimes: IMPATIENT });
    const guest = await guestWithMartini(bar);
    bar.faults.set('create', 'lose-reply').set('find', 'fail');

    const first = await guest.post('/api/pay');
    const unknown = await guest.until(({ payment }) => payment.needsReconciliation);
    const second = await guest.post('/api/pay');

    expect([first.status, second.status]).toEqual([504, 504]);
    expect(await second.json()).toMatchObject({ error: 'PAYMENT_TIMEOUT' });
    expect(unknown.payment).toMatchObject({ status: 'pending', tab: 1300, paidTotal: 0, link: null });
    expect((await guest.post('/api/reset')).status).toBe(409);

    bar.faults.clear();
    const found = await guest.until(({ payment }) => payment.status === 'processing');
    expect(found.payment).toMatchObject({ needsReconciliation: false, tab: 1300, paidTotal: 0 });
  });

  it('that never makes the payment is given up after four attempts under one key; the tab stays open', async () => {
    await using bar = await OpenBar.open({ linkWaitMs: 100, paymentTimes: IMPATIENT });
    const guest = await guestWithMartini(bar);
    bar.faults.set('create', 'fail');

    await guest.post('/api/pay');

    const { payment, messages } = await guest.until(({ messages: said }) => said.at(-1)?.id === 'payment-1');
    expect(payment).toMatchObject({ status: 'pending', tab: 1300, paidTotal: 0, needsReconciliation: false, link: null });
    expect(messages.at(-1)?.text).toContain('nothing was charged');
    bar.faults.clear();
    expect((await guest.post('/api/pay')).status).toBe(200);
  });

  it('that hangs does not hold up the conversation', async () => {
    await using bar = await OpenBar.open({ linkWaitMs: 100 });
    const guest = await guestWithMartini(bar);
    bar.faults.set('create', 'hang');

    const { reply } = await guest.say('pay my tab please');

    expect(reply?.tools).toEqual([{ name: 'pay_bill', status: 'error', summary: expect.stringContaining('taking its time') as string }]);
    expect((await guest.say('a tap beer please')).reply?.text).toContain('Tap Beer');
    expect((await guest.session()).payment).toMatchObject({ status: 'pending', tab: 1800, paidTotal: 0, link: null });
  });

  it('that cannot be asked leaves a confirmed payment open until it can', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithMartini(bar);
    await guest.post('/api/pay');
    const { link } = (await guest.session()).payment;
    bar.faults.set('get', 'fail');

    expect((await bar.visitor().post(`${link}/confirm`)).status).toBe(303);
    expect((await guest.session()).payment).toMatchObject({ status: 'processing', paidTotal: 0, tab: 1300 });

    bar.faults.clear();
    const { payment } = await guest.until((session) => session.payment.status === 'completed');
    expect(payment).toMatchObject({ paidTotal: 1300, tab: 0 });
  });

  it('that does not answer to a cancellation leaves the payment open', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithMartini(bar);
    await guest.post('/api/pay');
    bar.faults.set('cancel', 'fail');

    const response = await guest.post('/api/pay/cancel');

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: 'NETWORK_ERROR' });
    expect((await guest.session()).payment.status).toBe('processing');
  });

  it('whose payment was made while the cancellation came is believed: it is paid', async () => {
    await using bar = await OpenBar.open();
    const guest = await guestWithMartini(bar);
    await guest.post('/api/pay');
    await bar.provider.answer((await guest.session()).payment.link!.slice(5), 'paid');

    await guest.post('/api/pay/cancel');

    expect((await guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });

  it('has an unanswered payment run out after a day, which a cancellation does not change', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ clock: () => now, sessionExpiresAfterMs: 7 * 24 * 3_600_000 });
    const guest = await guestWithMartini(bar);
    await guest.post('/api/pay');

    now += 24 * 3_600_000;
    await guest.post('/api/pay/cancel');

    const { payment, messages } = await guest.session();
    expect(payment).toMatchObject({ status: 'pending', tab: 1300, paidTotal: 0, link: null });
    expect(messages.at(-1)?.text).toContain('ran out of time');
  });
});
