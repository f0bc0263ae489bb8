import { describe, expect, it } from 'vitest';
import { EffectFailure, StateManager, type Reconciliation } from 'holdfast';
import { pay, Payment, provider, type Provider } from '../../support/payment.ts';
import { testStore } from '../../support/test-store.ts';

const open = (bank: Provider, options: object = {}) =>
  StateManager.open({ store: testStore(), effects: [bank.effect], effectScanEveryMs: 5, effectLeaseMs: 200, ...options });
const answer = (found: { receipt: string } | undefined) =>
  Promise.resolve<Reconciliation<{ receipt: string }>>(found ? { status: 'done', output: found } : { status: 'absent' });

describe('an effect', () => {
  it('runs once its intent is committed, and its outcome and the state change are one commit', async () => {
    const bank = provider({});
    await using state = await open(bank);
    const feed = state.changes();
    await pay(state, bank);
    const outcome = await state.conversation('anna').effect(bank.effect, 'p1').outcome();
    expect(outcome).toEqual({ status: 'done', output: { receipt: 'r-p1' } });
    const payment = await state.conversation('anna').get(Payment);
    expect(payment.current).toEqual({ status: 'paid', receipt: 'r-p1' });
    expect(bank.charges).toEqual(['p1']);
    const first = (await feed.next()).value;
    expect(first).toMatchObject({ flags: ['bound', 'effect'], changes: [{ state: 'payment', version: 1 }] });
  });

  it('does not run when the recipe that intended it fails', async () => {
    const bank = provider({});
    await using state = await open(bank);
    const payment = await state.conversation('anna').get(Payment);
    const failing = payment.update((_draft, tx) => {
      tx.effect(bank.effect, { key: 'p1', input: { amount: 1 } });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await state.reconcile();
    expect(bank.runs).toEqual([]);
    expect(await state.conversation('anna').effect(bank.effect, 'p1').record()).toBeUndefined();
  });

  it('is not run a second time under the same key', async () => {
    const bank = provider({});
    await using state = await open(bank);
    await pay(state, bank);
    await state.conversation('anna').effect(bank.effect, 'p1').outcome();
    await pay(state, bank);
    await state.reconcile();
    expect(bank.runs).toEqual(['p1']);
  });

  it('refuses the same key with another input, and another effect of the name while one is unsettled', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const bank = provider({ run: async (charge) => (await released, charge()) });
    await using state = await open(bank);
    await pay(state, bank);
    await expect(pay(state, bank, 'p1', 32)).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', data: { key: 'p1' } });
    await expect(pay(state, bank, 'p2')).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN', data: { effect: 'charge', key: 'p1' } });
    release();
    await state.conversation('anna').effect(bank.effect, 'p1').outcome();
    await pay(state, bank, 'p2');
    await state.conversation('anna').effect(bank.effect, 'p2').outcome();
    expect(bank.charges).toEqual(['p1', 'p2']);
  });

  it('refuses input that does not fit its schema and an effect that was not given to open', async () => {
    const bank = provider({});
    const stranger = provider({});
    await using state = await open(bank);
    await expect(pay(state, bank, 'p1', -1)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', data: { issues: [{ path: ['amount'] }] } });
    await expect(pay(state, stranger)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('has failed only when it says so itself', async () => {
    const bank = provider({
      run: async () => {
        throw new EffectFailure('card declined');
      },
    });
    await using state = await open(bank);
    await pay(state, bank);
    expect(await state.conversation('anna').effect(bank.effect, 'p1').outcome()).toEqual({ status: 'failed', error: 'card declined' });
    expect((await state.conversation('anna').get(Payment)).current.status).toBe('refused');
  });
});

describe('an unknown outcome', () => {
  it('is said to be unknown, then settled by what reconciling finds', async () => {
    let isReachable = false;
    const bank = provider({
      run: async (charge) => {
        charge();
        throw new Error('reply lost');
      },
      reconcile: (found) => (isReachable ? answer(found) : Promise.reject(new Error('still unreachable'))),
    });
    await using state = await open(bank);
    await pay(state, bank);
    const effect = state.conversation('anna').effect(bank.effect, 'p1');
    expect(await effect.outcome({ unknown: true })).toEqual({ status: 'unknown', error: 'reply lost' });
    expect((await state.conversation('anna').get(Payment)).current.status).toBe('unclear');
    isReachable = true;
    expect(await effect.outcome()).toEqual({ status: 'done', output: { receipt: 'r-p1' } });
    expect((await state.conversation('anna').get(Payment)).current).toEqual({ status: 'paid', receipt: 'r-p1' });
    expect([bank.runs, bank.charges]).toEqual([['p1'], ['p1']]);
  });

  it('permits another run, with the same key, only after "absent"', async () => {
    let attempt = 0;
    const bank = provider({
      run: async (charge) => {
        attempt += 1;
        if (attempt === 1) throw new Error('connection refused');
        return charge();
      },
      reconcile: answer,
    });
    await using state = await open(bank);
    await pay(state, bank);
    expect(await state.conversation('anna').effect(bank.effect, 'p1').outcome()).toMatchObject({ status: 'done' });
    expect([bank.runs, bank.charges]).toEqual([['p1', 'p1'], ['p1']]);
  });

  it('stays unknown, and blocks the next one, when nobody can be asked', async () => {
    const bank = provider({
      run: async () => {
        throw new Error('reply lost');
      },
    });
    await using state = await open(bank);
    await pay(state, bank);
    await state.conversation('anna').effect(bank.effect, 'p1').outcome({ unknown: true });
    await state.reconcile();
    await state.reconcile();
    expect(bank.runs).toEqual(['p1']);
    await expect(pay(state, bank, 'p2')).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN' });
  });

  it('is what an answer that does not fit the output is', async () => {
    const bank = provider({ run: async () => ({ receipt: 7 }) as never });
    await using state = await open(bank);
    await pay(state, bank);
    expect(await state.conversation('anna').effect(bank.effect, 'p1').outcome({ unknown: true })).toMatchObject({ status: 'unknown' });
  });
});

describe('an effect whose process ended', () => {
  it('is found by the next one, asked about and settled, without charging again', async () => {
    const store = testStore();
    const charged = Promise.withResolvers<void>();
    const dying = provider({
      run: (charge, signal) => {
        charge();
        charged.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('the process ended'))));
      },
    });
    const before = await open(dying, { store, closeGraceMs: 0 });
    await pay(before, dying);
    await charged.promise;
    await before.close();
    const bank = provider({ reconcile: async () => ({ status: 'done', output: { receipt: 'r-p1' } }) });
    await using after = await open(bank, { store });
    expect(await after.conversation('anna').effect(bank.effect, 'p1').outcome()).toMatchObject({ status: 'done' });
    expect((await after.conversation('anna').get(Payment)).current.status).toBe('paid');
    expect([dying.charges, bank.runs]).toEqual([['p1'], []]);
  });
});

describe('an entity with an unsettled effect', () => {
  it('is not deleted before the effect is settled, unless it is to be abandoned', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const bank = provider({ run: async (charge) => (await released, charge()) });
    await using state = await open(bank);
    await pay(state, bank);
    const anna = state.conversation('anna');
    await expect(anna.delete()).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN', data: { effect: 'charge', key: 'p1' } });
    expect(await anna.exists()).toBe(true);
    release();
    await anna.effect(bank.effect, 'p1').outcome();
    await anna.delete();
    await pay(state, bank, 'p2');
    await anna.delete({ unsettled: 'abandon' });
    expect(await anna.exists()).toBe(false);
  });

  it('is not deleted by a deletion that was asked for just before the effect was intended', async () => {
    const { promise: never } = Promise.withResolvers<never>();
    const bank = provider({ run: () => never });
    await using state = await open(bank, { closeGraceMs: 0 });
    const payment = await state.conversation('anna').get(Payment);
    await payment.set({ status: 'open', receipt: 'x' });
    const intend = payment.update((_draft, tx) => tx.effect(bank.effect, { key: 'p1', input: { amount: 1 } }));
    const results = await Promise.allSettled([intend, state.conversation('anna').delete()]);
    const isDeleted = results[1]?.status === 'fulfilled';
    expect(isDeleted).not.toBe(results[0]?.status === 'fulfilled');
  });
});
