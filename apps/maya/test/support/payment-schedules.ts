import fc from 'fast-check';
import { expect } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { formatAmount } from '../../server/orders/format-amount.ts';
import { PaymentScene, type Tally } from './payment-scene.ts';
import type { StripeFault } from './stripe-stand-in.ts';

const FAULTS: StripeFault[] = ['lost-request', 'lost-reply', 'late', 'conflict', 'rate-limit', 'error', 'unavailable', 'hang'];
const OPENING_BALANCE = 100_000;
/** More than it takes to settle anything. */
const MOST_TRIES = 60;

const someFaults = fc.array(fc.option(fc.constantFrom(...FAULTS), { nil: undefined }), { minLength: 1, maxLength: 8 });
/** More than all attempts of a payment: then only asking what Stripe has tells what became of it. Often, since it must meet a payment for that. */
const lastingFault = fc
  .tuple(fc.constantFrom(...FAULTS.filter((fault) => fault !== 'hang')), fc.integer({ min: 3, max: 9 }))
  .map(([fault, times]) => Array.from({ length: times }, () => fault));

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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('old-link'), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tip'), percentage: fc.constantFrom(10, 15, 20, null) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('events'), picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(2_000, 31_000, 25 * 3_600_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('break'), faults: someFaults }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('break'), faults: lastingFault }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('kill'), calls: fc.integer({ min: 1, max: 25 }), moment: fc.constantFrom('before', 'after') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('kill-at-stripe'), requests: fc.integer({ min: 1, max: 4 }) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** `isHasty`: the next one does not wait for its end. */
const schedule = fc.array(fc.record({ step, isHasty: fc.boolean() }), { minLength: 3, maxLength: 14 });

/**
 * Plays random schedules and checks each: every payment is charged at most once, money is conserved, and nothing is shown as paid that is not. Gives
 * what came about in all of them.
 */
export async function checkPaymentSchedules({ runs, seed }: { readonly runs: number; readonly seed: number }): Promise<Tally> {
  const tallies: Tally[] = [];
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
      tallies.push(scene.tally);
    }),
    { numRuns: runs, seed, endOnFailure: runs > 100 },
  );
  return tallies.reduce((sum, tally) => addUp(sum, tally));
}

function addUp(left: Tally, right: Tally): Tally {
  const names = Object.keys(left) as (keyof Tally)[];
  return Object.fromEntries(names.map((name) => [name, left[name] + right[name]])) as unknown as Tally;
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
    case 'old-link': {
      const link = [...scene.links][next.pick % Math.max(scene.links.size, 1)];
      if (link !== undefined) await usePage(link, 'good');
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
      return;
    case 'kill-at-stripe':
      scene.killAtStripe(next.requests);
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
  const charges = scene.stripe.account.charges.map(({ amount }) => `${formatAmount(amount)} received`);
  expect(thanksIn(view)).toEqual(charges.slice(0, thanksIn(view).length));
}

/** What the guest was thanked for, in order. */
function thanksIn({ messages }: SessionView): string[] {
  return messages.flatMap(({ text }) => /^\$[\d,.]+ received/.exec(text)?.[0] ?? []);
}

async function checkBooks(scene: PaymentScene): Promise<void> {
  const { charges, sessions } = scene.stripe.account;
  const { payment, history } = await scene.states();
  const paid = history.payments.filter(({ outcome }) => outcome === 'paid');
  scene.tally.paid = paid.length;
  scene.tally.closed = history.payments.length - paid.length;
  expect(new Set(charges.map(({ reference }) => reference)).size).toBe(charges.length);
  // However often the bar had to ask, each payment has one link at most.
  expect(sessions.length).toBeLessThanOrEqual(history.payments.length);
  expect(paid.map(({ paymentId, tab, tip }) => ({ session: paymentId, amount: tab + tip }))).toEqual(
    charges.map(({ session, amount }) => ({ session, amount })),
  );
  expect(payment).toMatchObject({ tabTotal: 0, paidTotal: paid.reduce((sum, { tab }) => sum + tab, 0), needsReconciliation: false });
  expect(payment.balance + payment.paidTotal - payment.toppedUp).toBe(OPENING_BALANCE);
  const view = await lastView(scene);
  expect(view && thanksIn(view)).toHaveLength(paid.length);
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
