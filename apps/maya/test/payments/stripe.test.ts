import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { openStripe } from '../../server/payments/stripe-client.ts';
import { openStripeBar, type StripeBar } from '../support/stripe-bar.ts';
import { STRIPE_KEY, type StripeFault } from '../support/stripe-stand-in.ts';
import type { Visitor } from '../support/visitor.ts';

/** A guest with 13.00 on the tab and a tip of 15 %: 14.95. */
async function guestWithMartini({ bar }: StripeBar): Promise<Visitor> {
  const guest = bar.visitor();
  await guest.say('a martini please');
  await guest.post('/api/tip', { percentage: 15 });
  return guest;
}

async function pay(guest: Visitor): Promise<SessionView['payment']> {
  const response = await guest.post('/api/pay');
  expect(response.status).toBe(200);
  return ((await response.json()) as SessionView).payment;
}

describe('paying with Stripe', () => {
  it('makes one Checkout session for tab and tip, under the key of the payment, and names the tip', async () => {
    await using open = await openStripeBar();
    const { link, isSimulated, takesPayments } = await pay(await guestWithMartini(open));

    const [session] = open.stripe.account.sessions;
    expect(link).toBe(session!.url);
    expect({ isSimulated, takesPayments }).toEqual({ isSimulated: false, takesPayments: true });
    expect(session).toMatchObject({
      amount_total: 1495,
      currency: 'usd',
      description: expect.stringMatching(/\$13\.00 and a tip of \$1\.95$/) as string,
    });
    const created = open.stripe.requests.find(({ call }) => call === 'create')!;
    expect(created.idempotencyKey).toBe(session!.client_reference_id);
    expect(created.idempotencyKey).toMatch(/^[\w-]{22}-1$/);
  });

  it('is paid once the guest has paid on Stripe’s page, as asking shows', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    expect((await guest.say('did my payment go through?')).reply?.text).toContain('waits for you');

    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });

    expect((await guest.say('did my payment go through?')).reply?.text).toContain('All paid');
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', tab: 0, tip: 0, paidTotal: 1300, balance: 98_700 });
  });

  it('is noticed by polling, without anybody asking', async () => {
    await using open = await openStripeBar({ paymentTimes: { pollEveryMs: 30 } });
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    const { payment } = await guest.until((session) => session.payment.status === 'completed');
    expect(payment.paidTotal).toBe(1300);
  });

  it('is noticed after the first half minute too, at a slower pace', async () => {
    await using open = await openStripeBar({ paymentTimes: { pollForMs: 0 } });
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    expect((await guest.until((session) => session.payment.status === 'completed')).payment.paidTotal).toBe(1300);
  });

  it('of another amount than the bar has asked for is not believed', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    const { sessions } = open.stripe.account;
    sessions[0] = { ...sessions[0]!, amount_total: 1 };
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    await guest.say('did my payment go through?');
    expect((await guest.session()).payment).toMatchObject({ status: 'processing', tab: 1300, paidTotal: 0 });
  });

  it('with a card that is declined leaves the payment open, for another card', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    await fetch(`${link}/declined`, { method: 'POST', redirect: 'manual' });
    expect((await pay(guest)).link).toBe(link);
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    await guest.say('did my payment go through?');
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
    expect(open.stripe.account.charges).toHaveLength(1);
  });

  it('can be cancelled, which deactivates the link; then there is another payment', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);

    await guest.post('/api/pay/cancel');
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });

    expect(open.stripe.account.charges).toEqual([]);
    const { payment, messages } = await guest.session();
    expect(payment).toMatchObject({ status: 'pending', tab: 1300, tip: 195, link: null });
    expect(messages.at(-1)?.text).toContain('is cancelled');
    expect((await pay(guest)).link).not.toBe(link);
  });

  it('that was paid cannot be cancelled any more: it is paid', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    expect((await guest.post('/api/pay/cancel')).status).toBe(200);
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });

  it('runs out with its session after a day', async () => {
    let now = Date.now();
    await using open = await openStripeBar({ clock: () => now, sessionExpiresAfterMs: 7 * 24 * 3_600_000 });
    const guest = await guestWithMartini(open);
    await pay(guest);
    now += 24 * 3_600_000;
    await guest.say('did my payment go through?');
    const { payment, messages } = await guest.session();
    expect(payment).toMatchObject({ status: 'pending', tab: 1300, paidTotal: 0, link: null });
    expect(messages.some(({ text }) => text.includes('ran out of time'))).toBe(true);
  });

  it('that is left open is answered after half a minute with the advice to pay or to ask later', async () => {
    let now = Date.now();
    await using open = await openStripeBar({ clock: () => now });
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    now += 30_000;
    const { reply } = await guest.say('did my payment go through?');
    expect(reply?.text).toContain('ask me again later');
    expect(reply?.tools?.[0]).toMatchObject({ name: 'check_payment_status', status: 'error' });
    expect((await guest.session()).payment).toMatchObject({ status: 'processing', link });
  });

  it('that Stripe does not know any more is unknown, not failed, and blocks another', async () => {
    await using open = await openStripeBar();
    const guest = await guestWithMartini(open);
    const { link } = await pay(guest);
    await fetch(`${link}/good`, { method: 'POST', redirect: 'manual' });
    const [session] = open.stripe.account.sessions.splice(0);

    await guest.say('did my payment go through?');

    expect((await guest.session()).payment).toMatchObject({ needsReconciliation: true, tab: 1300, paidTotal: 0 });
    const blocked = await guest.post('/api/pay/cancel');
    expect(await blocked.json()).toMatchObject({ error: 'PAYMENT_TIMEOUT', needsReconciliation: true });
    open.stripe.account.sessions.push(session!);
    await guest.say('did my payment go through?');
    expect((await guest.session()).payment).toMatchObject({ status: 'completed', needsReconciliation: false, paidTotal: 1300 });
  });
});

describe('Stripe in trouble', () => {
  it.each<StripeFault>(['lost-request', 'lost-reply', 'late', 'conflict', 'rate-limit', 'unavailable', 'hang'])(
    'with "%s" is asked again under the same key, and makes one session',
    async (fault) => {
      await using open = await openStripeBar({ linkWaitMs: 10_000 });
      const guest = await guestWithMartini(open);
      const faults = [fault, fault];
      open.stripe.fault = (call) => (call === 'create' ? faults.shift() : undefined);

      await pay(guest);

      const attempts = open.stripe.requests.filter(({ call }) => call === 'create');
      expect(attempts.length).toBeGreaterThanOrEqual(3);
      expect(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
      expect(open.stripe.account.sessions).toHaveLength(1);
    },
  );

  it('that keeps an error under the key is given up after four attempts; the next try has a new key', async () => {
    await using open = await openStripeBar({ linkWaitMs: 10_000 });
    const guest = await guestWithMartini(open);
    const faults: (StripeFault | undefined)[] = ['error'];
    open.stripe.fault = (call) => (call === 'create' ? faults.shift() : undefined);

    const response = await guest.post('/api/pay');

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: 'STRIPE_UNAVAILABLE' });
    const attempts = open.stripe.requests.filter(({ call }) => call === 'create');
    expect(attempts.map(({ status, isReplay }) => [status, isReplay])).toEqual([
      [500, false],
      [500, true],
      [500, true],
      [500, true],
    ]);
    expect((await guest.session()).payment).toMatchObject({ status: 'pending', tab: 1300, tip: 195, needsReconciliation: false });
    await pay(guest);
    expect(open.stripe.account.sessions.map(({ client_reference_id: key }) => key?.slice(-2))).toEqual(['-2']);
  });

  it('is found out before a payment starts, and asked at most once in half a minute', async () => {
    let now = Date.now();
    await using open = await openStripeBar({ clock: () => now });
    const guest = await guestWithMartini(open);
    open.stripe.fault = (call) => (call === 'balance' ? 'unavailable' : undefined);

    const responses = [await guest.post('/api/pay'), await guest.post('/api/pay')];

    expect(responses.map(({ status }) => status)).toEqual([503, 503]);
    expect(open.stripe.requests.map(({ call }) => call)).toEqual(['balance']);
    expect((await guest.session()).payment).toMatchObject({ status: 'pending', tab: 1300, charging: null });
    open.stripe.fault = () => undefined;
    now += 30_000;
    await pay(guest);
  });

  it('that cannot even say what it has leaves the payment unknown and blocks another, until it can', async () => {
    await using open = await openStripeBar({ linkWaitMs: 400 });
    const guest = await guestWithMartini(open);
    open.stripe.fault = (call) => (call === 'create' ? 'lost-reply' : call === 'list' ? 'unavailable' : undefined);

    await guest.post('/api/pay');
    await guest.until(({ payment }) => payment.needsReconciliation);
    const blocked = await guest.post('/api/pay');

    expect(await blocked.json()).toMatchObject({ error: 'PAYMENT_TIMEOUT', needsReconciliation: true });
    open.stripe.fault = () => undefined;
    const { payment } = await guest.until((session) => session.payment.status === 'processing');
    expect(payment).toMatchObject({ needsReconciliation: false, tab: 1300, paidTotal: 0 });
    expect(open.stripe.account.sessions).toHaveLength(1);
  });

  it('that refuses the request says so at once', async () => {
    await using open = await openStripeBar({ linkWaitMs: 10_000 });
    const guest = await guestWithMartini(open);
    open.stripe.refuses = true;
    expect((await guest.post('/api/pay')).status).toBe(503);
    expect(open.stripe.requests.filter(({ call }) => call === 'create')).toHaveLength(1);
  });
});

describe('the key of Stripe', () => {
  it.each(['sk_live_123', 'rk_live_123', 'pk_test_123', ''])('%j is refused without being shown', (key) => {
    expect(() => openStripe(key)).toThrow('test-mode keys');
    expect(() => openStripe(key)).not.toThrow('_123');
  });

  it('of the test mode is taken', () => {
    expect(() => openStripe(STRIPE_KEY)).not.toThrow();
  });
});
