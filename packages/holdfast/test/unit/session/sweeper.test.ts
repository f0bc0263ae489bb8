import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { StateManager, type OpenOptions } from 'holdfast';
import { order, Tab } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

async function openWithExpired(count: number, options: Partial<OpenOptions> = {}): Promise<StateManager> {
  let now = 1_000;
  const clock = (): number => now;
  const state = await StateManager.open({ store: testStore({ clock }), clock, ...options });
  const ids = Array.from({ length: count }, (_, index) => `c${index}`);
  await Promise.all(
    ids.map(async (id) => (await state.conversation(id, { expiresAfterMs: 100 }).get(Tab)).update((draft) => order(draft, 'Beer', 5))),
  );
  now += 200;
  return state;
}

describe('sweeping in the background', () => {
  it('deletes everything that expired, in batches of 100', async () => {
    await using state = await openWithExpired(250, { sweepEveryMs: 2 });
    const batches: number[] = [];
    for await (const { drops } of state.changes({ since: 0 })) {
      if (drops.length > 0) batches.push(drops.length);
      if (batches.reduce((sum, size) => sum + size, 0) === 250) break;
    }
    expect(Math.max(...batches)).toBe(100);
    expect(await state.list({ scope: 'conversation' })).toEqual([]);
  });

  it.each([0, Infinity])('is not done with sweepEveryMs %s', async (sweepEveryMs) => {
    await using state = await openWithExpired(1, { sweepEveryMs });
    expect(await state.sweep()).toHaveLength(1);
  });

  it.each([-1, Number.NaN])('is refused every %s ms', async (sweepEveryMs) => {
    await expect(StateManager.open({ store: testStore(), sweepEveryMs })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('reports what fails and goes on with the next turn', async () => {
    const store = testStore();
    const sweep = store.sweep.bind(store);
    const [failed, swept] = [Promise.withResolvers<unknown>(), Promise.withResolvers<void>()];
    let turns = 0;
    store.sweep = async (limit) => {
      turns += 1;
      if (turns === 1) throw new Error('no sweep today');
      swept.resolve();
      return await sweep(limit);
    };
    const listener = (message: unknown): void => failed.resolve((message as { error: unknown }).error);
    subscribe('holdfast:error', listener);
    await using state = await StateManager.open({ store, sweepEveryMs: 2 });
    expect(await failed.promise).toEqual(new Error('no sweep today'));
    await swept.promise;
    unsubscribe('holdfast:error', listener);
    await state.close();
  });

  it('by two managers at once deletes each entity once', async () => {
    let now = 1_000;
    const store = testStore({ clock: () => now });
    await using one = await StateManager.open({ store });
    await using two = await StateManager.open({ store });
    for (let index = 0; index < 20; index += 1)
      await (await one.conversation(`c${index}`, { expiresAfterMs: 100 }).get(Tab)).update((draft) => order(draft, 'Beer', 5));
    now += 200;
    const swept = await Promise.all([one.sweep({ limit: 15 }), two.sweep({ limit: 15 })]);
    expect(new Set(swept.flat().map(({ id }) => id)).size).toBe(20);
    expect(swept.flat()).toHaveLength(20);
  });
});
