import fc from 'fast-check';
import { expect } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { PaymentScene } from './payment-scene.ts';
import type { StripeFault } from './stripe-stand-in.ts';

const FAULTS: StripeFault[] = ['lost-request', 'lost-reply', 'late', 'conflict', 'rate-limit', 'error', 'unavailable', 'hang'];
const OPENING_BALANCE = 100_000;
/** More than it takes to settle anything. */
const MOST_TRIES = 60;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('order'), times: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pay'), times: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('card'),
      card: fc.constantFrom('good', 'good', 'declined'),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tip'), percentage: fc.constantFrom(10, 15, 20, null) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('events'), picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(2_000, 31_000, 25 * 3_600_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('break'),
      faults: fc.array(fc.option(fc.constantFrom(...FAULTS), { nil: undefined }), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('kill'), calls: fc.integer({ min: 1, max: 25 }), moment: fc.constantFrom('before', 'after') }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** `isHasty`: the next one does not wait for its end. */
const schedule = fc.array(fc.record({ step, isHasty: fc.boolean() }), { minLength: 3, maxLength: 14 });

/** Plays random schedules and checks each: every payment is charged at most once, money is conserved, and nothing is shown as paid that is not. */
export async function checkPaymentSchedules({ runs, seed }: { readonly runs: number; readonly seed: number }): Promise<void> {
  await fc.assert(
    fc.asyncProperty(schedule, async (steps) => {
      await using scene = await PaymentScene.open();
      const hasty: Promise<void>[] = [];
      await scene.order();
      for (const { step: next, isHasty } of steps) {
        const doing = play(scene, next);
        if (isHasty) hasty.push(doing);
        else await doing;
        checkView(scene, await scene.view());
        await scene.revive();
      }
      await Promise.all(hasty);
      await settle(scene);
      await checkBooks(scene);
    }),
    { numRuns: runs, seed, endOnFailure: runs > 100 },
  );
}

async function play(scene: PaymentScene, next: Step): Promise<void> {
  switch (next.do) {
    case 'order':
      await several(next.times, () => scene.order());
      return;
    case 'pay':
      await several(next.times, () => scene.request('/api/pay', {}));
      return;
    case 'tip':
      await scene.request('/api/tip', { percentage: next.percentage });
      return;
    case 'cancel':
      await scene.request('/api/pay/cancel', {});
      return;
    case 'card': {
      const link = (await scene.view())?.payment.link;
      if (link) await several(next.times, () => usePage(link, next.card));
      return;
    }
    case 'events':
      await Promise.all(next.picks.map((pick) => scene.event(pick)));
      return;
    case 'ask':
      await scene.ask();
      return;
    case 'pass':
      scene.pass(next.ms);
      return;
    case 'break':
      scene.faults.push(...next.faults);
      return;
    case 'kill':
      scene.killAt(next.calls, next.moment);
  }
}

/** Once nothing fails any more, the guest pays what there is, and the bar finds out what became of everything. */
async function settle(scene: PaymentScene): Promise<void> {
  scene.faults.length = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await scene.revive();
    scene.faults.length = 0;
    scene.pass(61_000);
    await scene.ask();
    const view = await scene.view();
    checkView(scene, view);
    if (!view) continue;
    const { tab, charging, link } = view.payment;
    if (tab === 0 && charging === null) return;
    if (link) await usePage(link, 'good');
    else await scene.request('/api/pay', {});
  }
  throw new Error('The tab cannot be paid, although nothing fails any more.');
}

function checkView(scene: PaymentScene, view: SessionView | undefined): void {
  if (!view) return;
  const { balance, tab, paidTotal, status } = view.payment;
  expect(balance + tab + paidTotal).toBe(OPENING_BALANCE);
  expect(paidTotal).toBeLessThanOrEqual(charged(scene));
  if (status === 'completed') expect(tab).toBe(0);
}

async function checkBooks(scene: PaymentScene): Promise<void> {
  const { charges } = scene.stripe.account;
  const { payment, history } = await scene.states();
  const paid = history.payments.filter(({ outcome }) => outcome === 'paid');
  expect(new Set(charges.map(({ reference }) => reference)).size).toBe(charges.length);
  expect(paid.map(({ paymentId, tab, tip }) => ({ session: paymentId, amount: tab + tip }))).toEqual(
    charges.map(({ session, amount }) => ({ session, amount })),
  );
  expect(payment).toMatchObject({ tabTotal: 0, paidTotal: paid.reduce((sum, { tab }) => sum + tab, 0), needsReconciliation: false });
  expect(payment.balance + payment.paidTotal - payment.toppedUp).toBe(OPENING_BALANCE);
  const thanks = (await lastView(scene))?.messages.filter(({ text }) => text.includes('received, thank you'));
  expect(thanks).toHaveLength(paid.length);
}

/** A kill that was still to come may hit the look itself; the one after it sees what there is. */
async function lastView(scene: PaymentScene): Promise<SessionView | undefined> {
  const view = await scene.view();
  if (view) return view;
  await scene.revive();
  return await scene.view();
}

function charged(scene: PaymentScene): number {
  return scene.stripe.account.charges.reduce((sum, { amount }) => sum + amount, 0);
}

async function several(times: number, work: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: times }, work));
}

async function usePage(link: string, card: 'good' | 'declined'): Promise<void> {
  await (await fetch(`${link}/${card}`, { method: 'POST', redirect: 'manual' })).text();
}
