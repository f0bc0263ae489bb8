import { copyStore, StateManager, type CopyProgress } from 'holdfast';
import { files } from 'holdfast/files';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import type { ImportPart, Store } from 'holdfast/store';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Counter, Tab, Till, Wallet } from '../../support/bar.ts';
import { everythingOf, fillEverything } from '../../support/full-store.ts';
import { pay, provider } from '../../support/payment.ts';
import { freshDatabase, testStore } from '../../support/test-store.ts';
import { testKeys } from '../secret/config.ts';

const keys = testKeys();
const directory = (): string => dirname(freshDatabase());

async function fullStore(): Promise<{ store: Store; since: number }> {
  const store = testStore();
  return { store, since: await fillEverything(store, keys) };
}

/** A store whose imports do what `before` does first, which may throw. */
function importing(store: Store, before: (part: ImportPart | 'end', nth: number) => ImportPart | 'end'): Store {
  let calls = 0;
  return new Proxy(store, {
    get: (target, property) => {
      if (property === 'import') return (part: ImportPart | 'end') => target.import?.(before(part, (calls += 1)));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('a copy of a store', () => {
  it('says what its source says: values, versions, checkpoints, blame, timeline, secrets and the feed behind any seq', async () => {
    const { store, since } = await fullStore();
    const expected = await everythingOf(store, keys, since);
    for (const target of [memory(), sqlite(freshDatabase()), files(directory())]) {
      const report = await copyStore(store, target);
      expect(report).toMatchObject({ resumed: false, entities: 5, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      expect(await everythingOf(target, keys, since)).toEqual(expected);
    }
  });

  it('goes on behind its source: checkpoints are restored, keys replay, and an effect that was not settled runs once', async () => {
    const { store } = await fullStore();
    const copy = sqlite(freshDatabase());
    await copyStore(store, copy);
    const bank = provider({ reconcile: () => Promise.resolve({ status: 'absent' }) });
    await using state = await StateManager.open({ store: copy, keys, effects: [bank.effect], effectScanEveryMs: 5 });
    const anna = state.conversation('anna');
    const before = (await copy.open()).seq;
    expect(await anna.restore('early', { bound: 'keep' })).toBeGreaterThan(before);
    expect((await anna.get(Tab)).current.items.length).toBe(3);
    const [wallet, till] = [await anna.get(Wallet), await state.team('bar').get(Till)];
    const repeat = await state.transaction([wallet, till], () => expect.unreachable(), { idempotency: { key: 'till', input: 5 } });
    expect(repeat.replayed).toBe(true);
    expect(await state.conversation('ben').effect(bank.effect, 'p1').outcome()).toMatchObject({ status: 'done' });
    await pay(state, bank, 'p1', 31, 'ben');
    expect(bank.runs).toEqual(['p1']);
  });

  it('has no leases, and an id of its own', async () => {
    const { store } = await fullStore();
    const copy = memory();
    const { storeId } = await store.open();
    expect((await store.items({ collection: '$lease' }, undefined, 9)).length).toBeGreaterThan(0);
    await store.close();
    await copyStore(store, copy);
    expect((await copy.open()).storeId).not.toBe(storeId);
    expect(await copy.items({ collection: '$lease' }, undefined, 9)).toEqual([]);
    await copy.close();
  });

  it('has its files when it is a store of files', async () => {
    const { store } = await fullStore();
    const path = directory();
    await copyStore(store, files(path, { format: 'yaml' }));
    expect(existsSync(join(path, 'conversation', 'anna', 'tab.yaml'))).toBe(true);
  });

  it('gives eids that were deleted in its source to nobody', async () => {
    const { store } = await fullStore();
    const copy = sqlite(freshDatabase());
    await copyStore(store, copy);
    const { commits } = await copy.open().then(() => copy.log(0, {}, 1_000));
    await using state = await StateManager.open({ store: copy, keys });
    await (await state.conversation('new').get(Tab)).update((draft) => void (draft.note = 'n'));
    const dropped = commits.flatMap(({ drops }) => drops.map(({ eid }) => eid));
    expect(dropped.length).toBe(1);
    expect((await copy.entity('conversation', 'new'))?.eid).toBeGreaterThan(Math.max(...dropped));
  });
});

describe('a copy that was cut short', () => {
  it('goes on where it was left, wherever that was, and opens for nothing else until it is whole', async () => {
    const { store, since } = await fullStore();
    const expected = await everythingOf(store, keys, since);
    let isDone = false;
    for (let last = 0; !isDone; last += 1) {
      const target = sqlite(freshDatabase());
      const cut = importing(target, (part, nth) => {
        if (nth > last) throw new Error('cut');
        return part;
      });
      isDone = await copyStore(store, cut).then(
        () => true,
        () => false,
      );
      if (isDone) continue;
      await expect(StateManager.open({ store: target })).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
      expect(await copyStore(store, target)).toMatchObject({ resumed: last > 0 });
      expect(await everythingOf(target, keys, since)).toEqual(expected);
    }
  });

  it('ends between two parts when its signal aborts, and tells how far it has come', async () => {
    const { store } = await fullStore();
    const [target, abort, progress] = [memory(), new AbortController(), [] as CopyProgress[]];
    const onProgress = (each: CopyProgress): void => {
      progress.push(each);
      if (each.step === 'verify') abort.abort(new Error('enough'));
    };
    await expect(copyStore(store, target, { onProgress, signal: abort.signal })).rejects.toThrow('enough');
    expect(progress.at(-2)).toMatchObject({ step: 'copy' });
    const copied = progress.filter(({ step }) => step === 'copy');
    expect(copied.at(-1)?.records).toBe(copied[0]?.total);
    expect(copied.map(({ records }) => records)).toEqual(copied.map(({ records }) => records).toSorted((a, b) => a - b));
    expect(await copyStore(store, target)).toMatchObject({ resumed: true });
  });

  it('begins anew when the source was written since', async () => {
    const { store } = await fullStore();
    const target = memory();
    await expect(copyStore(store, importing(target, fail))).rejects.toThrow('cut');
    const state = await StateManager.open({ store, keys });
    await (await state.global().get(Counter)).update((draft) => void (draft.count = 7));
    await state.close();
    expect(await copyStore(store, target)).toMatchObject({ resumed: false });
    await using copied = await StateManager.open({ store: target, keys });
    expect((await copied.global().get(Counter)).current.count).toBe(7);
  });

  it('is gone on with by its own source only', async () => {
    const [one, other] = [await fullStore(), await fullStore()];
    const target = memory();
    await expect(copyStore(one.store, importing(target, fail))).rejects.toThrow('cut');
    await expect(copyStore(other.store, target)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'to' } });
  });
});

describe('a copy is refused', () => {
  it('into a store that has something in it, which stays as it is', async () => {
    const [one, other] = [await fullStore(), await fullStore()];
    const expected = await everythingOf(other.store, keys, other.since);
    await expect(copyStore(one.store, other.store)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'to' } });
    expect(await everythingOf(other.store, keys, other.since)).toEqual(expected);
    await expect(copyStore(one.store, one.store)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('when the source was written meanwhile, and succeeds when it is not', async () => {
    const path = freshDatabase();
    await fillEverything(sqlite(path), keys);
    const target = memory();
    const writer = await StateManager.open({ store: sqlite(path), keys });
    let written: Promise<unknown> | undefined;
    const onProgress = (): void => {
      written ??= writer
        .global()
        .get(Counter)
        .then((counter) => counter.update((draft) => void (draft.count += 1)));
    };
    await expect(
      copyStore(
        sqlite(path),
        importing(target, (part) => part),
        { onProgress },
      ),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: 'from' },
    });
    await written;
    await writer.close();
    expect(await copyStore(sqlite(path), target)).toMatchObject({ entities: 6 });
  });

  it('when a record did not arrive as it was, and begins anew then', async () => {
    const { store } = await fullStore();
    const target = memory();
    const spoilt = importing(target, (part) => {
      if (part === 'end' || !part.items) return part;
      return { ...part, items: part.items.map((item, index) => (index === 0 ? { ...item, rev: item.rev + 1 } : item)) };
    });
    await expect(copyStore(store, spoilt)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
    expect(await copyStore(store, target)).toMatchObject({ resumed: false });
  });
});

function fail(part: ImportPart | 'end', nth: number): ImportPart | 'end' {
  if (nth > 2) throw new Error('cut');
  return part;
}
