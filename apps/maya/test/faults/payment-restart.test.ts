import { describe, expect, it } from 'vitest';
import { DURABLE_STORES, OpenBar } from '../support/open-bar.ts';
import { openStripe } from '../../server/payments/stripe-client.ts';
import { StripeProvider } from '../../server/payments/stripe-provider.ts';
import { STRIPE_KEY, StripeStandIn } from '../support/stripe-stand-in.ts';
import type { Visitor } from '../support/visitor.ts';

/** Nobody waits long, as far as it is up to the bar. */
const TIMES = { attemptWaitsMs: [10, 20, 40], pollEveryMs: 100 };

/** A guest who is to pay a martini at the link that is given. */
async function owing(bar: OpenBar): Promise<{ guest: Visitor; link: string | null }> {
  const guest = bar.visitor();
  await guest.say('a martini please');
  await guest.post('/api/pay');
  return { guest, link: (await guest.session()).payment.link };
}

/** A guest who has paid a martini, which the bar has not heard yet. */
async function paidUnheard(bar: OpenBar): Promise<{ guest: Visitor; link: string | null }> {
  const { guest, link } = await owing(bar);
  bar.faults.set('get', 'fail');
  await bar.visitor().post(`${link}/confirm`);
  return { guest, link };
}

describe.each(DURABLE_STORES)('a bar on %s that is closed and opened again', (store) => {
  it('shows the same conversation, order, tab and balance', async () => {
    const first = await OpenBar.open({ store, paymentTimes: TIMES });
    const guest = first.visitor();
    await guest.say('two dry martinis and a tap beer, please');
    await guest.post('/api/tip', { percentage: 15 });
    const before = await guest.session();

    await using second = await first.reopen();

    expect(await second.visitor(guest.cookie).session()).toEqual(before);
  });

  it('settles a payment that was confirmed while it was closed', async () => {
    const first = await OpenBar.open({ store, paymentTimes: TIMES });
    const { guest } = await paidUnheard(first);

    await using second = await first.reopen();

    const { payment } = await second.visitor(guest.cookie).until((session) => session.payment.status === 'completed');
    expect(payment).toMatchObject({ paidTotal: 1300, tab: 0, balance: 98_700 });
  });

  it('finds out what became of a payment whose making was cut off: one payment under one key', async () => {
    const first = await OpenBar.open({ store, paymentTimes: TIMES, linkWaitMs: 50 });
    const guest = first.visitor();
    await guest.say('a martini please');
    first.faults.set('create', 'lose-reply').set('find', 'fail');
    await guest.post('/api/pay');
    await guest.until((session) => session.payment.needsReconciliation);

    await using second = await first.reopen();

    const again = second.visitor(guest.cookie);
    const { payment } = await again.until((session) => session.payment.status === 'processing');
    expect(payment).toMatchObject({ needsReconciliation: false, tab: 1300, paidTotal: 0 });
    await second.visitor().post(`${payment.link}/confirm`);
    expect((await again.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });

  it('with another payment provider asks it nothing about a payment that the former one has', async () => {
    const first = await OpenBar.open({ store, paymentTimes: TIMES });
    const { guest, link } = await paidUnheard(first);

    await using stripe = await StripeStandIn.start();
    const payments = new StripeProvider({ stripe: openStripe(STRIPE_KEY, stripe.config()), returnUrl: stripe.url });
    const second = await first.reopen({ payments });
    const again = second.visitor(guest.cookie);
    await second.maya.state.reconcile();
    expect((await again.session()).payment).toMatchObject({ status: 'processing', link, paidTotal: 0 });
    expect((await again.post('/api/pay/cancel')).status).toBe(504);
    expect(stripe.account.sessions).toEqual([]);
    await second.close();

    await using third = await OpenBar.open({ store, paymentTimes: TIMES, kept: first.kept });
    const { payment } = await third.visitor(guest.cookie).until((session) => session.payment.status === 'completed');
    expect(payment).toMatchObject({ paidTotal: 1300, tab: 0 });
  });

  it('goes on with a link that was open', async () => {
    const first = await OpenBar.open({ store, paymentTimes: TIMES });
    const { guest, link } = await owing(first);

    await using second = await first.reopen();

    const again = second.visitor(guest.cookie);
    await again.post('/api/pay');
    expect((await again.session()).payment.link).toBe(link);
    await second.visitor().post(`${link}/confirm`);
    expect((await again.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });
});
