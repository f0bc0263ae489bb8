import { describe, expect, it } from 'vitest';
import { StateManager, type OpenOptions } from 'holdfast';
import { pay, provider, type Provider } from '../../support/payment.ts';
import { testStore } from '../../support/test-store.ts';

const DAY_MS = 24 * 3_600_000;
let now = 1_000_000;
const clock = (): number => now;
const open = (bank: Provider, options: Partial<OpenOptions> = {}): Promise<StateManager> =>
  StateManager.open({ store: testStore({ clock }), clock, effects: [bank.effect], effectScanEveryMs: 1e9, ...options });

describe('the ledger', () => {
  it('keeps a settled effect for 90 days; after that its key is a new one', async () => {
    const bank = provider({});
    await using state = await open(bank);
    await pay(state, bank);
    const effect = state.conversation('anna').effect(bank.effect, 'p1');
    await effect.outcome();
    now += 90 * DAY_MS - 1;
    await state.sweep();
    expect(await effect.record()).toMatchObject({ status: 'done' });
    now += 1;
    await state.sweep();
    expect(await effect.record()).toBeUndefined();
    await pay(state, bank);
    await effect.outcome();
    expect(bank.runs).toEqual(['p1', 'p1']);
  });

  it('keeps it for as long as it is told to', async () => {
    const bank = provider({});
    await using brief = await open(bank, { effectRetentionMs: 1_000 });
    await using endless = await open(bank, { effectRetentionMs: Number.POSITIVE_INFINITY });
    for (const state of [brief, endless]) {
      await pay(state, bank);
      await state.conversation('anna').effect(bank.effect, 'p1').outcome();
    }
    now += 1_000 * DAY_MS;
    for (const state of [brief, endless]) await state.sweep();
    expect(await brief.conversation('anna').effect(bank.effect, 'p1').record()).toBeUndefined();
    expect(await endless.conversation('anna').effect(bank.effect, 'p1').record()).toMatchObject({ status: 'done' });
    await expect(open(bank, { effectRetentionMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('keeps an unsettled effect for ever', async () => {
    const bank = provider({ run: () => Promise.reject(new Error('reply lost')) });
    await using state = await open(bank);
    await pay(state, bank);
    const effect = state.conversation('anna').effect(bank.effect, 'p1');
    await effect.outcome({ unknown: true });
    now += 10_000 * DAY_MS;
    await state.sweep();
    expect(await effect.record()).toMatchObject({ status: 'unknown' });
    await expect(pay(state, bank, 'p2')).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN', data: { key: 'p1' } });
  });
});

describe('the unsettled effects of an entity', () => {
  it('are listed with their status and since when, until they are settled', async () => {
    let isReachable = false;
    const bank = provider({
      run: () => Promise.reject(new Error('reply lost')),
      reconcile: async () => (isReachable ? { status: 'failed', error: 'declined' } : { status: 'unknown', error: 'down' }),
    });
    await using state = await open(bank);
    const anna = state.conversation('anna');
    expect(await anna.unsettledEffects()).toEqual([]);
    await pay(state, bank);
    await anna.effect(bank.effect, 'p1').outcome({ unknown: true });
    const since = now;
    now += DAY_MS;
    expect(await anna.unsettledEffects()).toEqual([{ name: 'charge', key: 'p1', status: 'unknown', since }]);
    expect(await state.conversation('ben').unsettledEffects()).toEqual([]);
    isReachable = true;
    await anna.reconcile();
    expect(await anna.unsettledEffects()).toEqual([]);
  });

  it('are asked about without those of others', async () => {
    const asked: string[] = [];
    const bank = provider({
      run: () => Promise.reject(new Error('reply lost')),
      reconcile: async (_found, key) => {
        asked.push(key);
        return { status: 'unknown', error: 'down' };
      },
    });
    await using state = await open(bank);
    for (const guest of ['anna', 'ben']) {
      await pay(state, bank, `of-${guest}`, 31, guest);
      await state.conversation(guest).effect(bank.effect, `of-${guest}`).outcome({ unknown: true });
    }
    await state.conversation('ben').reconcile();
    await state.conversation('carl').reconcile();
    expect(asked).toEqual(['of-ben']);
    await state.reconcile();
    expect(asked).toEqual(['of-ben', 'of-anna', 'of-ben']);
  });
});
