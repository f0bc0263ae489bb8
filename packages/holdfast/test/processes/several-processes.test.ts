import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter, order, Tab, Till, Wallet, withinBudget } from '../support/bar.ts';
import { runProgram } from '../support/run-program.ts';
import { freshDatabase } from '../support/test-store.ts';

/** Two managers with connections of their own stand for two processes where a test wants to look inside. */
async function twoManagers(options: object = {}): Promise<[StateManager, StateManager, () => Promise<void>]> {
  const path = freshDatabase();
  const a = await StateManager.open({ store: sqlite(path), ...options });
  const b = await StateManager.open({ store: sqlite(path), ...options });
  return [a, b, async () => void (await Promise.all([a.close(), b.close()]))];
}

describe('a process that waits', () => {
  it('for an outcome or the next commit does not end before it has it', async () => {
    const { ended, lines } = runProgram('wait-for-effect');
    expect(await ended).toBe(0);
    expect(lines).toEqual(['settled', 'followed']);
  });
});

describe('processes on one database', () => {
  it('lose no update: 4 processes that add 250 each make 1,000, in dense versions', async () => {
    const path = freshDatabase();
    const programs = Array.from({ length: 4 }, () => runProgram('add-to-counter', path, '250', '4'));
    await Promise.all(programs.map(({ ended }) => ended));
    await using state = await StateManager.open({ store: sqlite(path) });
    const counter = await state.global().get(Counter);
    expect([counter.current.count, counter.version]).toEqual([1_000, 1_000]);
    const acknowledged = programs.flatMap(({ lines }) => lines.map(Number)).toSorted((a, b) => a - b);
    expect(acknowledged).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  }, 60_000);

  it('see the commits of another process: the subscriber is told and the feed gives each in order', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path) });
    const counter = await state.global().get(Counter);
    const reached = Promise.withResolvers<void>();
    counter.subscribe(
      ({ count }) => count,
      (now) => {
        if (now === 20) reached.resolve();
      },
    );
    const feed = state.changes({ since: 0 });
    const { ended } = runProgram('add-to-counter', path, '20');
    const versions: (number | undefined)[] = [];
    while (versions.length < 20) versions.push((await feed.next()).value?.changes[0]?.version);
    await Promise.all([reached.promise, ended]);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(counter.current.count).toBe(20);
  });

  it('see a commit when it is synchronised, not at the next poll', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path, { pollMs: 3_600_000 }) });
    const feed = state.changes({ since: 0 });
    const { child, ended } = runProgram('add-per-line', path);
    const versions: (number | undefined)[] = [];
    for (let commit = 1; commit <= 5; commit += 1) {
      child.stdin?.write('\n');
      versions.push((await feed.next()).value?.changes[0]?.version);
    }
    child.stdin?.end();
    await ended;
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  }, 30_000);

  it('see all commits of a turn of the event loop, not the first alone', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path, { pollMs: 3_600_000 }) });
    const feed = state.changes({ since: 0 });
    const { ended } = runProgram('add-to-counter', path, '20');
    const versions: (number | undefined)[] = [];
    while (versions.length < 20) versions.push((await feed.next()).value?.changes[0]?.version);
    await ended;
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }, 30_000);

  it('run a recipe again on the newer value when another process was first', async () => {
    const [a, b, close] = await twoManagers();
    const [first, second] = [await a.global().get(Counter), await b.global().get(Counter)];
    const runs: number[] = [];
    await first.update((draft) => void (draft.count = 10));
    await second.update((draft) => {
      runs.push(draft.count);
      draft.count += 1;
    });
    expect(runs.at(-1)).toBe(10);
    expect(second.current.count).toBe(11);
    expect(await first.refresh()).toEqual({ count: 11 });
    await close();
  });

  it('never refuse on a stale value: a recipe that throws is verified first', async () => {
    const [a, b, close] = await twoManagers();
    const [mine, theirs] = [await a.conversation('anna').get(Wallet), await b.conversation('anna').get(Wallet)];
    await mine.set({ balance: 0 });
    await theirs.refresh();
    await mine.set({ balance: 50 });
    const { value } = await theirs.update((draft) => {
      if (draft.balance < 13) throw new Error('not enough');
      draft.balance -= 13;
      return draft.balance;
    });
    expect(value).toBe(37);
    await close();
  });

  it('cannot break an invariant across states together (no write skew)', async () => {
    const [a, b, close] = await twoManagers({ invariants: [withinBudget] });
    const tab = await a.conversation('anna').get(Tab);
    const wallet = await b.conversation('anna').get(Wallet);
    await Promise.allSettled([tab.update((draft) => order(draft, 'Champagne', 90)), wallet.update((draft) => void (draft.balance = 50))]);
    const [total, { balance }] = [(await (await a.conversation('anna').get(Tab)).refresh()).total, await wallet.refresh()];
    expect(total).toBeLessThanOrEqual(balance);
    await close();
  });

  it('make an entity once when both make it at the same moment', async () => {
    const [a, b, close] = await twoManagers();
    const [mine, theirs] = [await a.team('bar').get(Till), await b.team('bar').get(Till)];
    await Promise.all([mine, theirs].flatMap((till) => [1, 2, 3].map(() => till.update((draft) => void (draft.taken += 1)))));
    expect(await mine.refresh()).toEqual({ taken: 6 });
    expect(await a.list({ scope: 'team' })).toHaveLength(1);
    await close();
  });

  it('answer a repeated idempotency key of another process with its result', async () => {
    const [a, b, close] = await twoManagers();
    const [mine, theirs] = [await a.global().get(Counter), await b.global().get(Counter)];
    const add = (counter: typeof mine) => counter.update((draft) => (draft.count += 1), { idempotency: { key: 'once' } });
    const results = await Promise.all([add(mine), add(theirs)]);
    expect(results.map(({ value }) => value)).toEqual([1, 1]);
    expect(results.filter(({ replayed }) => replayed)).toHaveLength(1);
    await close();
  });

  it('see a deletion by another process', async () => {
    const [a, b, close] = await twoManagers();
    const mine = await a.conversation('anna').get(Tab);
    await mine.update((draft) => order(draft, 'Beer', 5));
    const theirs = await b.conversation('anna').get(Tab);
    await a.conversation('anna').delete();
    await expect(theirs.update((draft) => order(draft, 'Beer', 5))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const anew = await b.conversation('anna').get(Tab);
    expect(anew.version).toBe(0);
    await close();
  });

  it('pass a lease on, and refuse the commit of the one that has lost it', async () => {
    let now = 1_000_000;
    const clock = (): number => now;
    const path = freshDatabase();
    const [a, b] = await Promise.all([1, 2].map(() => StateManager.open({ store: sqlite(path, { clock }), clock })));
    const [mine, theirs] = [await a!.conversation('anna').get(Tab), await b!.conversation('anna').get(Tab)];
    const lost = await a!.conversation('anna').lease('turn', { holder: 'a', ttlMs: 1_000 });
    await expect(b!.conversation('anna').lease('turn', { holder: 'b' })).rejects.toMatchObject({ code: 'LEASE_HELD' });
    now += 1_000;
    const lease = await b!.conversation('anna').lease('turn', { holder: 'b', ttlMs: 1_000 });
    await theirs.update((draft) => order(draft, 'Beer', 5), { lease });
    await expect(mine.update((draft) => order(draft, 'Gin', 8), { lease: lost })).rejects.toMatchObject({ code: 'STALE_LEASE' });
    expect((await mine.refresh()).total).toBe(5);
    await Promise.all([a!.close(), b!.close()]);
  });

  it('keep the event loop free while many updates wait', async () => {
    await using state = await StateManager.open({ store: sqlite(freshDatabase()) });
    const counter = await state.global().get(Counter);
    let turns = 0;
    let isDone = false;
    const updates = Promise.all(Array.from({ length: 640 }, () => counter.update((draft) => void (draft.count += 1)))).then(
      () => (isDone = true),
    );
    while (!isDone) {
      await turn();
      turns += 1;
    }
    await updates;
    expect(turns).toBeGreaterThanOrEqual(10);
  });
});
