import { setImmediate as turn } from 'node:timers/promises';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { Counter } from '../../support/counter.ts';
import { faulty, type FaultyStore } from '../../support/faulty-store.ts';
import { freshDatabase } from '../../support/test-store.ts';

/** A feed of a manager that reads only, beside one that writes, and how often the reader's log is read. */
async function followed() {
  const path = freshDatabase();
  const [store, writer] = [sqlite(path), await StateManager.open({ store: sqlite(path) })];
  const counter = await writer.global().get(Counter);
  await counter.update((draft) => void (draft.count += 1));
  const reader = await StateManager.open({ store, readOnly: true });
  onTestFinished(async () => void (await Promise.all([reader.close(), writer.close()])));
  const reads = { count: 0 };
  const log = store.log.bind(store);
  store.log = (...args) => ((reads.count += 1), log(...args));
  return { reader, counter, reads };
}

it('one read of the log brings a commit of another process into the cells and to every feed that waits', async () => {
  const { reader, counter, reads } = await followed();
  const seen = await reader.global().get(Counter);
  const feeds = [reader.changes(), reader.changes()];
  const first = Promise.all(feeds.map((feed) => feed.next()));
  await expect.poll(() => reads.count).toBe(2);
  await counter.update((draft) => void (draft.count += 1));
  expect((await first).map(({ value }) => value && value.changes[0]?.version)).toEqual([2, 2]);
  expect([seen.version, reads.count]).toEqual([2, 3]);
});

it('a feed whose reader was busy meanwhile misses nothing of what was told', async () => {
  const { reader, counter } = await followed();
  const feed = reader.changes();
  const versions: unknown[] = [];
  const next = async (): Promise<void> => void versions.push(...((await feed.next()).value?.changes ?? []).map(({ version }) => version));
  const first = next();
  for (let done = 0; done < 3; done += 1) await counter.update((draft) => void (draft.count += 1));
  await first;
  await counter.update((draft) => void (draft.count += 1));
  await expect.poll(async () => (await reader.global().get(Counter)).version).toBe(5);
  for (let done = 0; done < 3; done += 1) await next();
  expect(versions).toEqual([2, 3, 4, 5]);
});

it('a feed hears of what somebody else asked for before the signal came', async () => {
  const path = freshDatabase();
  const writer = await StateManager.open({ store: sqlite(path) });
  const store = sqlite(path);
  // The system's signal never comes: what is asked for is all that brings the reader on.
  store.signal = () => () => undefined;
  const reader = await StateManager.open({ store });
  onTestFinished(async () => void (await Promise.all([reader.close(), writer.close()])));
  const seen = await reader.global().get(Counter);
  const feed = reader.changes();
  const next = feed.next();
  await (await writer.global().get(Counter)).update((draft) => void (draft.count += 1));
  await seen.refresh();
  expect((await next).value).toMatchObject({ changes: [{ version: 1 }] });
});

it('a feed that waits gets what its own process commits without a read of the log, and one whose filter lets nothing pass stays silent', async () => {
  const store = sqlite(freshDatabase());
  const state = await StateManager.open({ store });
  onTestFinished(() => state.close());
  const counter = await state.global().get(Counter);
  await counter.update((draft) => void (draft.count += 1), { actor: 'me' });
  let reads = 0;
  const log = store.log.bind(store);
  store.log = (...args) => ((reads += 1), log(...args));
  const feeds = [state.changes(), state.changes({ scope: 'global', state: 'counter' })];
  let hasSpoken = false;
  void state
    .changes({ scope: 'team' })
    .next()
    .then(({ done }) => (hasSpoken = !done));
  const events: unknown[][] = [[], []];
  for (let done = 0; done < 3; done += 1) {
    const next = Promise.all(feeds.map((feed) => feed.next()));
    await turn();
    await counter.update((draft) => void (draft.count += 1), { actor: 'me', cause: `${done}` });
    (await next).forEach(({ value }, index) => events[index]?.push(value));
  }
  expect([reads, hasSpoken]).toEqual([3, false]);
  const kept: unknown[] = [];
  for await (const event of state.changes({ since: 1 })) if (kept.push(event) === 3) break;
  expect(events).toEqual([kept, kept]);
});

it('a feed reads of the log what its own process deleted', async () => {
  const state = await StateManager.open({ store: sqlite(freshDatabase()) });
  onTestFinished(() => state.close());
  const counter = await state.global().get(Counter);
  await counter.update((draft) => void (draft.count += 1));
  const next = state.changes({ scope: 'global' }).next();
  await turn();
  await state.global().delete();
  expect((await next).value).toMatchObject({ seq: 2, changes: [], drops: [{ scope: 'global' }], flags: ['deleted'] });
});

it('a feed gives a commit whose answer was lost as it stands in the log', async () => {
  const store: FaultyStore = faulty(sqlite(freshDatabase(), { clock: () => (store.batches.length > 1 ? 2_000 : 1_000) }));
  const state = await StateManager.open({ store });
  onTestFinished(() => state.close());
  const counter = await state.global().get(Counter);
  const feed = state.changes();
  const next = feed.next();
  await turn();
  store.faults.push('reply lost');
  await counter.update((draft) => void (draft.count += 1));
  expect((await next).value).toMatchObject({ seq: 1, at: 1_000 });
});
