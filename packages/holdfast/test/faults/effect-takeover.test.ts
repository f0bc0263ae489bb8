import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { PaymentServer, receiptOf, type Charging } from '../support/payment-server.ts';
import { chargeAt, intend, PRICE, Purse, START } from '../support/purse.ts';
import { runProgram } from '../support/run-program.ts';
import { freshDatabase } from '../support/test-store.ts';

const LEASE_MS = 1_000;

describe('an effect whose owner is stopped beyond its lease', () => {
  it('is settled by another process, and the late outcome of the owner changes nothing', async () => {
    await using provider = await PaymentServer.start({ charging: () => 'no answer', asking: () => 'cancelled' });
    const path = freshDatabase();
    const owner = runProgram('charge', path, provider.url, 'to the end', String(LEASE_MS));
    await provider.requested(1);
    owner.child.kill('SIGSTOP');

    const charge = chargeAt(provider.url);
    await using state = await StateManager.open({ store: sqlite(path), effects: [charge], effectScanEveryMs: 20, effectLeaseMs: LEASE_MS });
    const anna = state.conversation('anna');
    expect(await anna.effect(charge, 'c1').outcome()).toEqual({ status: 'failed', error: 'cancelled' });

    provider.waiting[0]?.end(receiptOf('c1'));
    owner.child.kill('SIGCONT');
    await owner.ended;
    expect(owner.lines).toEqual(['intended', 'failed', 'closed']);
    const purse = await (await anna.get(Purse)).refresh();
    expect(purse).toEqual({ balance: START, held: 0, spent: 0, settled: { done: 0, failed: 1, unknown: 1 } });
    expect(provider.requests).toEqual(['c1']);
  });

  it('keeps it when nobody took it over: its late outcome counts', async () => {
    await using provider = await PaymentServer.start({ charging: () => 'charged, no answer' });
    const path = freshDatabase();
    const owner = runProgram('charge', path, provider.url, 'to the end', '100');
    await provider.requested(1);
    owner.child.kill('SIGSTOP');
    const now = Date.now();
    await expect.poll(() => Date.now() - now, { interval: 50 }).toBeGreaterThan(300);
    provider.waiting[0]?.end(receiptOf('c1'));
    owner.child.kill('SIGCONT');
    await owner.ended;
    expect(owner.lines).toEqual(['intended', 'done', 'closed']);
    expect([provider.requests, provider.charges]).toEqual([['c1'], ['c1']]);
  });
});

describe('an effect whose owner was killed', () => {
  it.each<readonly [Charging, readonly string[]]>([
    ['charged, no answer', ['c1']],
    ['no answer', ['c1', 'c1']],
  ])('is taken over by one of three processes that look for it (%s)', async (first, requests) => {
    await using provider = await PaymentServer.start({ charging: (before) => (before === 0 ? first : 'charged') });
    const path = freshDatabase();
    const owner = runProgram('charge', path, provider.url);
    await provider.requested(1);
    owner.child.kill('SIGKILL');
    await owner.ended;

    const heirs = Array.from({ length: 3 }, () => runProgram('settle-charge', path, provider.url));
    await Promise.all(heirs.map(({ ended }) => ended));
    expect(heirs.map(({ lines }) => lines)).toEqual([['done'], ['done'], ['done']]);
    expect([provider.requests, provider.charges, provider.asked]).toEqual([requests, ['c1'], 1]);
    await using state = await StateManager.open({ store: sqlite(path) });
    const purse = await state.conversation('anna').get(Purse);
    expect(purse.current).toMatchObject({ held: 0, spent: PRICE, settled: { done: 1, failed: 0, unknown: 1 } });
  });
});

describe('an effect whose entity is abandoned while it runs', () => {
  it('does not reach the entity that is made anew', async () => {
    await using provider = await PaymentServer.start({ charging: (before) => (before === 0 ? 'charged, no answer' : 'charged') });
    const path = freshDatabase();
    const owner = runProgram('charge', path, provider.url);
    await provider.requested(1);
    const charge = chargeAt(provider.url);
    await using state = await StateManager.open({ store: sqlite(path), effects: [charge] });
    const anna = state.conversation('anna');
    await expect(anna.delete()).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN' });
    await anna.delete({ unsettled: 'abandon' });
    const anew = await anna.get(Purse);
    await anew.update((draft, tx) => intend(draft, tx, charge, 'c2'));

    provider.waiting[0]?.end(receiptOf('c1'));
    await expect(owner.ended).rejects.toThrow('NOT_FOUND');
    expect(await anna.effect(charge, 'c2').outcome()).toMatchObject({ status: 'done' });
    expect(await anew.refresh()).toMatchObject({ spent: PRICE, settled: { done: 1 } });
    expect(await anna.unsettledEffects()).toEqual([]);
  });
});
