import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defineState, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';
import { Counter, openManager, order, Tab, Till } from '../../support/bar.ts';
import { listen } from '../../support/channels.ts';
import { faulty } from '../../support/faulty-store.ts';
import { pay, provider } from '../../support/payment.ts';
import { beforeCommit } from '../../support/before-commit.ts';
import { freshDatabase, testStore } from '../../support/test-store.ts';

const anna = { scope: 'conversation', id: 'anna' };
const duration = expect.any(Number) as number;

describe('a commit', () => {
  it('says what it made, for whom, and how long it took', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const [tab, till] = [await state.conversation('anna').get(Tab), await state.team('bar').get(Till)];
    const commits = listen('holdfast:commit');
    const pour = (): Promise<unknown> =>
      state.transaction([tab, till], ([items, drawer]) => {
        order(items, 'Beer', 5);
        drawer.taken += 5;
      }, { actor: 'ben', cause: 'order', toolCall: 'call-1', trace: 't-1' }); // prettier-ignore
    await Promise.all([pour(), tab.update((draft) => void (draft.note = 'x'))]);
    expect(commits[0]).toEqual({
      store: store.name,
      outcome: 'committed',
      seq: 1,
      commitId: expect.any(String) as string,
      durability: 'synced',
      actor: 'ben',
      cause: 'order',
      toolCall: 'call-1',
      trace: 't-1',
      flags: ['bound'],
      spans: 2,
      entities: [anna, { scope: 'team', id: 'bar' }],
      states: [
        { ...anna, state: 'tab', version: 1, kind: 'full', size: expect.any(Number) as number },
        { scope: 'team', id: 'bar', state: 'till', version: 1, kind: 'full', size: 11 },
      ],
      attempts: 1,
      durationMs: duration,
      queueMs: duration,
      storeMs: duration,
      batchSize: 2,
      waiting: 0,
    });
    expect(commits[0]!.queueMs + commits[0]!.storeMs).toBeCloseTo(commits[0]!.durationMs);
    expect(commits[1]).toMatchObject({ states: [{ version: 2, kind: 'patch' }], batchSize: 2 });
  });

  it('says how it ended when nothing was written', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const once = { idempotency: { key: 'one' } };
    await tab.update((draft) => order(draft, 'Beer', 5), once);
    const commits = listen('holdfast:commit');
    await tab.update((draft) => order(draft, 'Beer', 5), once);
    await tab.update(() => undefined);
    await tab.update((draft) => void (draft.total = 1), { actor: 'ben' }).catch(() => undefined);
    await tab.update(() => order(null as never, '', 1)).catch(() => undefined);
    await tab.update(() => undefined, { idempotency: { key: 'one', input: 2 } }).catch(() => undefined);
    expect(commits).toMatchObject([
      { outcome: 'replayed', seq: 1, states: [] },
      { outcome: 'unchanged', seq: 0, states: [] },
      { outcome: 'failed', code: 'INVARIANT_VIOLATED', actor: 'ben', seq: 0, states: [], entities: [anna] },
      { outcome: 'failed', code: 'TypeError' },
      { outcome: 'failed', code: 'IDEMPOTENCY_MISMATCH', attempts: 0 },
    ]);
  });

  it('that the store does not take says so, once', async () => {
    const store = faulty(testStore());
    await using state = await StateManager.open({ store });
    const counter = await state.global().get(Counter);
    const commits = listen('holdfast:commit');
    store.faults.push('full');
    await counter.update((draft) => void (draft.count += 1)).catch(() => undefined);
    expect(commits).toMatchObject([{ outcome: 'failed', code: 'STORE_FULL', attempts: 1, batchSize: 1 }]);
  });

  it('is told of where it was asked for', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const caller = new AsyncLocalStorage<string>();
    const heard: unknown[] = [];
    listen('holdfast:commit', () => heard.push(caller.getStore()));
    await Promise.all(['a', 'b'].map((name) => caller.run(name, () => counter.update((draft) => void (draft.count += 1)))));
    expect(heard).toEqual(['a', 'b']);
  });

  it('that met another process says with which versions, and how often it was tried', async () => {
    const path = freshDatabase();
    await using a = await StateManager.open({ store: sqlite(path) });
    const mine = await a.global().get(Counter);
    await mine.set({ count: 1 });
    const addOne = (counter: typeof mine) => counter.update((draft) => void (draft.count += 1));
    const overtaken = beforeCommit(sqlite(path), async () => void (mine.version === 1 && (await addOne(mine))));
    await using b = await StateManager.open({ store: overtaken });
    const theirs = await b.global().get(Counter);
    const [conflicts, commits] = [listen('holdfast:conflict'), listen('holdfast:commit')];
    await addOne(theirs);
    expect(conflicts).toMatchObject([
      { entity: { scope: 'global' }, state: 'counter', expectedVersion: 1, actualVersion: 2, isRetried: true },
    ]);
    expect(commits.map(({ attempts }) => attempts)).toEqual([1, 2]);
  });
});

describe('history', () => {
  it('says what was loaded, with the patches that were replayed', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path) });
    const tab = await state.conversation('anna').get(Tab);
    for (const drink of ['Beer', 'Gin', 'Rum']) await tab.update((draft) => order(draft, drink, 5));
    await using other = await StateManager.open({ store: sqlite(path) });
    const loads = listen('holdfast:load');
    await other.conversation('anna').get(Tab);
    expect(loads).toEqual([
      {
        store: `sqlite ${path}`,
        entity: anna,
        state: 'tab',
        version: 3,
        patches: 2,
        size: expect.any(Number) as number,
        durationMs: duration,
      },
    ]);
    expect(loads[0]!.size).toBeGreaterThan(100);
  });

  it('says which snapshots were written', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const snapshots = listen('holdfast:snapshot');
    for (let drink = 1; drink <= 40; drink++) await tab.update((draft) => order(draft, 'x'.repeat(2_000), drink));
    await state.flush();
    expect(snapshots).toEqual([
      {
        store: expect.any(String) as string,
        states: [{ ...anna, state: 'tab', version: expect.any(Number) as number }],
        durationMs: duration,
      },
    ]);
  });

  it('says what was pruned', async () => {
    const schema = z.strictObject({ count: z.int() });
    const Tally = defineState({ name: 'tally', scope: 'conversation', schema, initial: { count: 0 }, retention: { versions: 2 } });
    await using state = await openManager();
    const tally = await state.conversation('anna').get(Tally);
    const prunes = listen('holdfast:prune');
    for (const count of [1, 2, 3]) await tally.set({ count });
    await state.flush();
    expect(prunes).toMatchObject([{ entity: anna, state: 'tally', beforeVersion: 2, kept: [], durationMs: duration }]);
  });

  it('says what was checkpointed, restored, forked and merged, and what was refused', async () => {
    await using state = await openManager();
    const guest = state.conversation('anna');
    const tab = await guest.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    const [checkpoints, restores] = [listen('holdfast:checkpoint'), listen('holdfast:restore')];
    const [forks, merges] = [listen('holdfast:fork'), listen('holdfast:merge')];
    await guest.checkpoint('one');
    const fork = await guest.fork({ id: 'try', checkpoint: 'one' });
    await (await fork.get(Tab)).update((draft) => void (draft.note = 'theirs'));
    await tab.update((draft) => void (draft.note = 'ours'));
    await guest.merge(fork);
    const seq = await guest.restore('one');
    await guest.restore('two').catch(() => undefined);
    expect(checkpoints).toMatchObject([{ entities: [anna], checkpoint: 'one', durationMs: duration }]);
    expect(forks).toMatchObject([{ entity: anna, fork: 'try', checkpoint: 'one' }]);
    expect(merges).toMatchObject([{ entity: anna, fork: 'try', seq: 0, conflicts: [{ state: 'tab', path: ['note'] }] }]);
    expect(restores).toMatchObject([
      { entities: [anna], checkpoint: 'one', seq },
      { checkpoint: 'two', seq: 0, code: 'NOT_FOUND' },
    ]);
  });
});

describe('an effect', () => {
  it('says each step that it takes', async () => {
    const bank = provider({});
    await using state = await openManager({ effects: [bank.effect] });
    const steps = listen('holdfast:effect');
    await pay(state, bank);
    await state.conversation('anna').effect(bank.effect, 'p1').outcome();
    await turn();
    const name = { entity: anna, effect: 'charge', key: 'p1', isSimulated: false };
    expect(steps).toMatchObject([
      { ...name, step: 'intended', runs: 0 },
      { ...name, step: 'started', runs: 1 },
      { ...name, step: 'done', runs: 1, durationMs: duration },
    ]);
  });

  it('whose outcome was unknown says what the outside world answered, and nothing of what was thrown', async () => {
    const bank = provider({
      run: (charge) => Promise.reject(new Error(`lost the receipt ${charge().receipt}`)),
      reconcile: async (found) => ({ status: 'done', output: found! }),
    });
    await using state = await openManager({ effects: [bank.effect] });
    const steps = listen('holdfast:effect');
    await pay(state, bank);
    await state.conversation('anna').effect(bank.effect, 'p1').outcome({ unknown: true });
    await state.reconcile();
    expect(steps.map(({ step, answer }) => [step, answer])).toEqual([
      ['intended', undefined],
      ['started', undefined],
      ['unknown', undefined],
      ['reconciled', 'done'],
      ['done', undefined],
    ]);
    expect(JSON.stringify(steps)).not.toContain('receipt');
  });
});

describe('a lease', () => {
  it('says when it is taken, held by another, lost, given back, and refused', async () => {
    let now = 1_000_000;
    const clock = (): number => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const guest = state.conversation('anna');
    const tab = await guest.get(Tab);
    const steps = listen('holdfast:lease');
    const lease = await guest.lease('turn', { holder: 'a', ttlMs: 1_000 });
    await guest.lease('turn', { holder: 'b' }).catch(() => undefined);
    now += 2_000;
    await lease.renew().catch(() => undefined);
    await tab.update((draft) => void (draft.note = ''), { lease }).catch(() => undefined);
    await lease.release();
    await (await guest.lease('turn', { holder: 'b' })).release();
    expect(steps).toMatchObject([
      { entity: anna, lease: 'turn', step: 'acquired', holder: 'a', waitedMs: 0 },
      { step: 'held', holder: 'a' },
      { step: 'lost' },
      { entity: anna, lease: 'turn', step: 'stale' },
      { step: 'acquired', holder: 'b' },
      { step: 'released' },
    ]);
  });
});

describe('sweeping', () => {
  it('says what it deleted', async () => {
    let now = 1_000_000;
    const clock = (): number => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const tab = await state.conversation('anna', { expiresAfterMs: 1_000 }).get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5), { idempotency: { key: 'one', keepMs: 500 } });
    const sweeps = listen('holdfast:sweep');
    now += 5_000;
    await state.sweep();
    expect(sweeps).toMatchObject([{ entities: [anna], durationMs: duration }]);
  });
});
