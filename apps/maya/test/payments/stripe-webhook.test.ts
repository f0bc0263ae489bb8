import { describe, expect, it } from 'vitest';
import { openStripeBar } from '../support/stripe-bar.ts';
import type { StripeEvent } from '../support/stripe-account.ts';

describe('the webhook', () => {
  it('settles a payment at once; the same event again, and late ones in another order, change nothing', async () => {
    await using open = await openStripeBar();
    const { bar, stripe } = open;
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');
    stripe.account.answer(stripe.account.sessions[0]!.id, 'declined');
    await guest.post('/api/pay/cancel');
    await guest.post('/api/pay');
    stripe.account.answer(stripe.account.sessions[1]!.id, 'good');
    const [declined, expired, completed] = stripe.account.events as [StripeEvent, StripeEvent, StripeEvent];
    const url = `${bar.url}api/payments/webhook`;

    expect(await stripe.deliver(url, completed)).toBe(200);
    const settled = await guest.session();
    expect(settled.payment).toMatchObject({ status: 'completed', paidTotal: 1300 });

    for (const event of [completed, expired, declined, completed]) expect(await stripe.deliver(url, event)).toBe(200);
    expect(await guest.session()).toEqual(settled);
  });

  it('is only a reason to ask: an event that says more than Stripe does pays nothing', async () => {
    await using open = await openStripeBar();
    const { bar, stripe } = open;
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');
    const [session] = stripe.account.sessions;
    const event = { id: 'evt_1', object: 'event', type: 'checkout.session.completed', created: 1, livemode: false } as const;

    await stripe.deliver(`${bar.url}api/payments/webhook`, {
      ...event,
      data: { object: { ...session, status: 'complete', payment_status: 'paid' } },
    });

    expect((await guest.session()).payment).toMatchObject({ status: 'processing', paidTotal: 0 });
  });

  it('refuses events that are not signed, signed by somebody else, or too old', async () => {
    await using open = await openStripeBar();
    const { bar, stripe } = open;
    const url = `${bar.url}api/payments/webhook`;
    const event: StripeEvent = { id: 'evt_1', object: 'event', type: 'ping', created: 1, livemode: false, data: { object: {} } };
    const seconds = Math.floor(Date.now() / 1_000);

    expect(await stripe.deliver(url, event)).toBe(200);
    expect(await stripe.deliver(url, event, { timestamp: seconds - 299 })).toBe(200);
    expect(await stripe.deliver(url, event, { timestamp: seconds - 310 })).toBe(400);
    expect(await stripe.deliver(url, event, { secret: 'whsec_of_somebody_else' })).toBe(400);
    expect((await fetch(url, { method: 'POST', body: JSON.stringify(event) })).status).toBe(400);
  });

  it('passes over sessions of others in the same account', async () => {
    await using open = await openStripeBar();
    const event: StripeEvent = {
      id: 'evt_1',
      object: 'event',
      type: 'checkout.session.completed',
      created: 1,
      livemode: false,
      data: { object: { object: 'checkout.session', client_reference_id: 'somebody-elses-1' } },
    };
    expect(await open.stripe.deliver(`${open.bar.url}api/payments/webhook`, event)).toBe(200);
    expect(open.stripe.requests).toEqual([]);
  });
});
