import { StateManager, type ErrorCode } from 'holdfast';
import { memory } from 'holdfast/memory';
import { describe, expect, it } from 'vitest';
import { passingKey } from '../../server/keys/master-keys.ts';
import { atomicOrderUpdate } from '../../server/orders/order-changes.ts';
import { closePayment, completePayment, paymentOpened, startCharge } from '../../server/payments/payment-changes.ts';
import { SessionTokens } from '../../server/session/session-tokens.ts';
import { Sessions } from '../../server/session/sessions.ts';
import type { Session, SessionDrafts } from '../../server/session/session.ts';
import { tabMatchesItems } from '../../server/state/index.ts';

const MARTINI = { name: 'Martini', unitPrice: 1300, quantity: 1, modifiers: [] };

/** A session with a martini on the tab. */
async function openSession(): Promise<Session> {
  const state = await StateManager.open({ store: memory(), keys: passingKey(), invariants: [tabMatchesItems] });
  const session = await new Sessions({ state, tokens: new SessionTokens('test'), expiresAfterMs: 60_000, clock: Date.now }).create();
  await atomicOrderUpdate(session, [MARTINI], { idPrefix: 'first' });
  return session;
}

function pay(session: Session, id: string): Promise<unknown> {
  return session.change(({ payment, orderHistory }) => {
    startCharge(payment, orderHistory, `key-${id}`);
    paymentOpened(payment, { id, url: `/pay/${id}` });
  });
}

describe('the state of the payment', () => {
  it.each<[string, (drafts: SessionDrafts) => void, ErrorCode]>([
    ['NaN', ({ payment }) => void (payment.balance = Number.NaN), 'VALIDATION_FAILED'],
    ['a boolean for a number', ({ payment }) => void Object.assign(payment, { tipAmount: true }), 'VALIDATION_FAILED'],
    ['a negative amount', ({ payment }) => void (payment.tipAmount = -1), 'VALIDATION_FAILED'],
    ['a fraction of a cent', ({ payment }) => void (payment.tipAmount = 0.5), 'VALIDATION_FAILED'],
    ['an unknown status', ({ payment }) => void Object.assign(payment, { status: 'paid' }), 'VALIDATION_FAILED'],
    ['a tip of 12 percent', ({ payment }) => void Object.assign(payment, { tipPercentage: 12 }), 'VALIDATION_FAILED'],
    ['an unknown field', ({ payment }) => void Object.assign(payment, { discount: 1 }), 'VALIDATION_FAILED'],
    ['money from nowhere', ({ payment }) => void (payment.balance += 1), 'INVARIANT_VIOLATED'],
    [
      'a tab that its items do not cost',
      ({ payment }) => void Object.assign(payment, { balance: payment.balance - 1, tabTotal: payment.tabTotal + 1 }),
      'INVARIANT_VIOLATED',
    ],
    [
      'items that nobody paid for',
      ({ orderHistory }) => orderHistory.items.forEach((entry) => (entry.settlement = 'paid')),
      'INVARIANT_VIOLATED',
    ],
    ['a completed payment with something on the tab', ({ payment }) => void (payment.status = 'completed'), 'INVARIANT_VIOLATED'],
    ['a processing payment that no provider has', ({ payment }) => void (payment.status = 'processing'), 'INVARIANT_VIOLATED'],
    ['a payment that is skipped', ({ payment }) => void (payment.number += 2), 'INVARIANT_VIOLATED'],
    [
      'a percentage that the tip is not',
      ({ payment }) => void Object.assign(payment, { tipPercentage: 10, tipAmount: 7 }),
      'INVARIANT_VIOLATED',
    ],
  ])('refuses %s and writes nothing', async (_what, change, code) => {
    const session = await openSession();
    const before = session.revision;
    await expect(session.change(change)).rejects.toMatchObject({ code });
    expect(session.revision).toBe(before);
  });

  it('refuses to go back from processing to pending', async () => {
    const session = await openSession();
    await pay(session, 'a');
    const back = session.change(({ payment }) => void Object.assign(payment, { status: 'pending', paymentId: null, link: null }));
    await expect(back).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
    expect(session.payment.current.status).toBe('processing');
  });

  it('refuses to leave completed but for the next payment, and to need reconciliation in it', async () => {
    const session = await openSession();
    await pay(session, 'a');
    await session.change(({ payment, orderHistory }, tx) => void completePayment(payment, orderHistory, 'a', tx.now));
    expect(session.payment.current.status).toBe('completed');

    for (const change of [{ status: 'pending' as const }, { needsReconciliation: true }]) {
      await expect(session.change(({ payment }) => void Object.assign(payment, change))).rejects.toMatchObject({
        code: 'INVARIANT_VIOLATED',
      });
    }
    await atomicOrderUpdate(session, [MARTINI], { idPrefix: 'next' });
    expect(session.payment.current).toMatchObject({ status: 'pending', number: 2, tabTotal: 1300, paidTotal: 1300, balance: 97_400 });
  });
});

describe('completing a payment', () => {
  it('twice has the effect of once, and only for the payment that is under way', async () => {
    const session = await openSession();
    await pay(session, 'a');
    const complete = async (id: string): Promise<boolean> =>
      (await session.change(({ payment, orderHistory }, tx) => completePayment(payment, orderHistory, id, tx.now))).value;

    expect(await complete('another')).toBe(false);
    expect(await complete('a')).toBe(true);
    const { revision } = session;
    expect(await complete('a')).toBe(false);

    expect(session.revision).toBe(revision);
    expect(session.orderHistory.current.payments).toMatchObject([{ number: 1, paymentId: 'a', outcome: 'paid', tab: 1300, tip: 0 }]);
  });

  it('after it was closed does nothing: the next payment is another one', async () => {
    const session = await openSession();
    await pay(session, 'a');
    await session.change(({ payment, orderHistory }, tx) => void closePayment(payment, orderHistory, 'declined', tx.now));
    await pay(session, 'b');

    await session.change(({ payment, orderHistory }, tx) => void completePayment(payment, orderHistory, 'a', tx.now));

    expect(session.payment.current).toMatchObject({ status: 'processing', number: 2, paymentId: 'b', paidTotal: 0, tabTotal: 1300 });
  });
});

describe('ordering on an expected version', () => {
  it('is refused with the current balance when the payment has moved on, and orders nothing', async () => {
    const session = await openSession();
    const { version } = session.payment;
    await atomicOrderUpdate(session, [MARTINI], { idPrefix: 'second', expectedVersion: version });
    const before = session.revision;

    const stale = atomicOrderUpdate(session, [MARTINI], { idPrefix: 'third', expectedVersion: version });

    await expect(stale).rejects.toMatchObject({ code: 'CONCURRENT_MODIFICATION', message: expect.stringContaining('$974.00') as string });
    expect(session.revision).toBe(before);
  });

  it('looks at the version before it looks at the funds', async () => {
    const session = await openSession();
    const { version } = session.payment;
    await atomicOrderUpdate(session, [MARTINI], { idPrefix: 'second' });
    const order = (expectedVersion: number): Promise<unknown> =>
      atomicOrderUpdate(session, [{ ...MARTINI, unitPrice: 1_000_000 }], { idPrefix: 'dear', expectedVersion });

    await expect(order(version)).rejects.toMatchObject({ code: 'CONCURRENT_MODIFICATION' });
    await expect(order(session.payment.version)).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  });
});
