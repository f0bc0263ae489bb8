import { setTimeout as sleep } from 'node:timers/promises';
import { defineEffect, StateManager } from 'holdfast';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { order, Tab } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

describe('a manager opened read-only', () => {
  it('reads states, history, checkpoints and lists, and follows what others commit', async () => {
    const store = testStore();
    await using writer = await StateManager.open({ store });
    const tab = await writer.conversation('a').get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 500));
    await writer.conversation('a').checkpoint('one');
    await using reader = await StateManager.open({ store, readOnly: true });
    const read = await reader.conversation('a').get(Tab);
    expect(read.current.total).toBe(500);
    const told = Promise.withResolvers<number>();
    read.subscribe(({ total }) => total, told.resolve);
    const feed = reader.changes({ since: 0 });
    await tab.update((draft) => order(draft, 'Wine', 700));
    expect(await told.promise).toBe(1_200);
    expect((await feed.next()).value).toMatchObject({ seq: 1, changes: [{ state: 'tab', version: 1 }] });
    expect((await read.at(1)).total).toBe(500);
    expect((await reader.conversation('a').checkpoints()).map(({ name }) => name)).toEqual(['one']);
    expect(await reader.list({ scope: 'conversation' })).toEqual([{ scope: 'conversation', id: 'a' }]);
  });

  it('refuses whatever would write, at once, whether there is something to write to or not', async () => {
    const store = testStore();
    await using writer = await StateManager.open({ store });
    await (await writer.conversation('a').get(Tab)).update((draft) => order(draft, 'Beer', 500));
    await using reader = await StateManager.open({ store, readOnly: true });
    for (const entity of [reader.conversation('a'), reader.conversation('never')]) {
      const tab = await entity.get(Tab);
      const writes: Promise<unknown>[] = [
        tab.update((draft) => order(draft, 'Wine', 700)),
        tab.update(() => undefined),
        tab.set({ items: [], total: 0 }),
        reader.transaction([tab], () => undefined),
        entity.checkpoint('one'),
        entity.restore('one'),
        entity.removeCheckpoint('one'),
        reader.checkpoint('one', [entity]),
        reader.restore({ name: 'one', seq: 1, members: [entity] }),
        entity.fork(),
        entity.merge(entity),
        entity.lease('turn', { holder: 'me', waitMs: 60_000 }),
        entity.delete(),
        entity.reconcile(),
        entity.acceptVersion(Tab, 1),
        reader.sweep(),
        reader.reconcile(),
        reader.rotateKeys(),
        reader.erase('conversation:a'),
      ];
      for (const write of writes) await expect(write).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'readOnly' } });
    }
    expect((await store.log(0, {}, 10)).seq).toBe(1);
  });

  it('asks about no effect and keeps nothing alive', async () => {
    let [now, asked] = [1_000, 0];
    const store = testStore({ clock: () => now });
    const Ring = defineEffect({
      name: 'ring',
      input: z.string(),
      output: z.string(),
      states: [],
      run: () => Promise.reject(new Error('no answer')),
      reconcile: async () => ({ status: 'done', output: `asked ${(asked += 1)} times` }),
      settle: () => undefined,
    });
    const options = { store, effects: [Ring], clock: () => now };
    await using writer = await StateManager.open({ ...options, effectScanEveryMs: 1_000_000 });
    const entity = writer.conversation('a', { expiresAfterMs: 1_000 });
    await (await entity.get(Tab)).update((_, tx) => tx.effect(Ring, { key: '1', input: '' }));
    expect(await entity.effect(Ring, '1').outcome({ unknown: true })).toMatchObject({ status: 'unknown' });
    const expiresAt = await entity.expiresAt();
    now += 900;
    await using reader = await StateManager.open({ ...options, readOnly: true, effectScanEveryMs: 1 });
    await (await reader.conversation('a').get(Tab)).refresh();
    await sleep(30);
    expect(asked).toBe(0);
    expect(await reader.conversation('a').expiresAt()).toBe(expiresAt);
    await writer.reconcile();
    expect(await reader.conversation('a').effect(Ring, '1').record()).toMatchObject({ status: 'done' });
  });
});
