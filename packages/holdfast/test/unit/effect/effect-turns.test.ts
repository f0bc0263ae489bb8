import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isHoldfastError, StateManager, type OpenOptions } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { pay, provider, type Provider } from '../../support/payment.ts';
import { freshDatabase, testStore } from '../../support/test-store.ts';

let now = 1_000_000;
const clock = (): number => now;

/** A provider that loses the reply of the charge and is not reachable after; `asked` counts how often it was tried. */
function unreachable(): { readonly bank: Provider; readonly asked: () => number } {
  let asked = 0;
  const bank = provider({
    retry: { firstMs: 1_000, maxMs: 60_000 },
    run: async (charge) => {
      charge();
      throw new Error('reply lost');
    },
    reconcile: async () => ({ status: 'unknown', error: `asked ${(asked += 1)} times` }),
  });
  return { bank, asked: () => asked };
}

/** A manager of its own that looks for what is due once, does it, and ends. */
async function lookOnce(store: Store, bank: Provider | undefined): Promise<void> {
  await (await StateManager.open({ store, clock, random: () => 0.5, effects: bank ? [bank.effect] : [] })).close();
}

async function intendAndLoseReply(store: Store, bank: Provider, options: Partial<OpenOptions> = {}): Promise<void> {
  await using state = await StateManager.open({
    store,
    clock,
    random: () => 0.5,
    effects: [bank.effect],
    effectScanEveryMs: 1e9,
    ...options,
  });
  await pay(state, bank);
  await state.conversation('anna').effect(bank.effect, 'p1').outcome({ unknown: true });
}

const reported: unknown[] = [];
function collectErrors(): void {
  reported.length = 0;
  const collect = (message: unknown): void => void reported.push((message as { error: unknown }).error);
  subscribe('holdfast:error', collect);
  onTestFinished(() => void unsubscribe('holdfast:error', collect));
}

const seqOf = async (store: Store): Promise<number> => {
  const { seq } = await store.open();
  await store.close();
  return seq;
};

describe('an unknown outcome', () => {
  it('is asked about after waits that double, however many processes come and go in between', async () => {
    const { bank, asked } = unreachable();
    const store = testStore({ clock });
    await intendAndLoseReply(store, bank);
    const askedAfter: number[] = [];
    for (const waitMs of [0, 999, 1, 0, 1_999, 1, 3_999, 1]) {
      now += waitMs;
      await lookOnce(store, bank);
      askedAfter.push(asked());
    }
    expect(askedAfter).toEqual([0, 0, 1, 1, 1, 2, 2, 3]);
  });

  it('waits no longer than the most that its definition says', async () => {
    const { bank, asked } = unreachable();
    const store = testStore({ clock });
    await intendAndLoseReply(store, bank);
    for (let turn = 1; turn <= 20; turn++) {
      now += 60_000;
      await lookOnce(store, bank);
      expect(asked()).toBe(turn);
    }
  });

  it('is asked about by one of the processes that find it due', async () => {
    const { bank, asked } = unreachable();
    const path = freshDatabase();
    await intendAndLoseReply(sqlite(path, { clock }), bank);
    now += 1_000;
    await Promise.all(Array.from({ length: 4 }, () => lookOnce(sqlite(path, { clock }), bank)));
    expect(asked()).toBe(1);
  });

  it('is asked about at once when somebody wants to know, which leaves its turn as it was', async () => {
    const { bank, asked } = unreachable();
    const store = testStore({ clock });
    await intendAndLoseReply(store, bank);
    const seq = await seqOf(store);
    {
      await using state = await StateManager.open({ store, clock, effects: [bank.effect] });
      await state.reconcile();
      await state.conversation('anna').reconcile();
    }
    expect(asked()).toBe(2);
    expect(await seqOf(store)).toBe(seq);
    now += 1_000;
    await lookOnce(store, bank);
    expect(asked()).toBe(3);
  });

  it('costs no commit while it is not due or cannot be asked about', async () => {
    const { bank } = unreachable();
    const mute = provider({ run: () => Promise.reject(new Error('reply lost')) });
    for (const each of [bank, mute]) {
      const store = testStore({ clock });
      await intendAndLoseReply(store, each);
      const seq = await seqOf(store);
      if (each === mute) now += 1e9;
      await lookOnce(store, each);
      await lookOnce(store, each);
      expect(await seqOf(store)).toBe(seq);
    }
  });
});

describe('an effect that cannot be settled here', () => {
  it('is reported, and tried again when its turn comes', async () => {
    const bank = provider({
      retry: { firstMs: 1_000, maxMs: 60_000 },
      settle: () => {
        throw new Error('a bug in settle');
      },
    });
    const store = testStore({ clock });
    collectErrors();
    {
      await using state = await StateManager.open({ store, clock, effects: [bank.effect], random: () => 0.5 });
      await pay(state, bank);
    }
    const counts: number[] = [reported.length];
    for (const waitMs of [0, 999, 1]) {
      now += waitMs;
      await lookOnce(store, bank);
      counts.push(reported.length);
    }
    expect(counts).toEqual([1, 1, 1, 2]);
    expect(bank.charges).toEqual(['p1']);
  });

  it('is reported once, and kept, when its definition was not given to open', async () => {
    const { bank } = unreachable();
    const store = testStore({ clock });
    await intendAndLoseReply(store, bank);
    collectErrors();
    {
      await using state = await StateManager.open({ store, clock });
      await state.reconcile();
      await state.reconcile();
      expect(await state.conversation('anna').unsettledEffects()).toMatchObject([{ name: 'charge', key: 'p1', status: 'unknown' }]);
    }
    const said = reported.map((error) => isHoldfastError(error, 'EFFECT_UNKNOWN') && error.data);
    expect(said).toEqual([{ entity: 'conversation:anna', effect: 'charge', key: 'p1', status: 'unsettled' }]);
  });
});

describe('an answer "absent" that was overtaken by another run', () => {
  it('permits none', async () => {
    const slow = Promise.withResolvers<void>();
    const question = Promise.withResolvers<void>();
    let runs = 0;
    const bank = provider({
      retry: { firstMs: 1_000, maxMs: 60_000 },
      run: async (charge) => {
        if ((runs += 1) > 1) charge();
        throw new Error('reply lost');
      },
      reconcile: async () => ({ status: 'absent' }),
    });
    const path = freshDatabase();
    await intendAndLoseReply(sqlite(path, { clock }), bank);
    const late = provider({ reconcile: async () => (question.resolve(), await slow.promise, { status: 'absent' }) });
    await using other = await StateManager.open({ store: sqlite(path, { clock }), clock, effects: [late.effect] });
    const overtaken = other.reconcile();
    await question.promise;
    {
      await using state = await StateManager.open({ store: sqlite(path, { clock }), clock, effects: [bank.effect] });
      await state.reconcile();
    }
    slow.resolve();
    await overtaken;
    expect([bank.runs, bank.charges, late.runs]).toEqual([['p1', 'p1'], ['p1'], []]);
  });
});
