import { subscribe as onChannel, unsubscribe as offChannel } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Counter, openManager, order, Tab } from '../../support/bar.ts';

describe('subscribe', () => {
  it('tells the newest selected value once for several commits of a turn, with the one told before', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const told: [number, number][] = [];
    counter.subscribe(
      ({ count }) => count,
      (now, was) => void told.push([now, was]),
    );
    await Promise.all([1, 2, 3].map(() => counter.update((draft) => void (draft.count += 1))));
    await turn();
    await counter.update((draft) => void (draft.count += 1));
    await turn();
    expect(told).toEqual([
      [3, 0],
      [4, 3],
    ]);
  });

  it('stays silent when what is selected did not change', async () => {
    await using state = await openManager();
    const tab = await state.conversation('anna').get(Tab);
    const told: unknown[] = [];
    tab.subscribe(
      ({ items }) => items.map(({ name }) => name),
      (now) => void told.push(now),
    );
    await tab.update((draft) => void (draft.note = 'window seat'));
    await turn();
    expect(told).toEqual([]);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await turn();
    expect(told).toEqual([['Beer']]);
  });

  it('ends when asked to, also by a signal', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const abort = new AbortController();
    let told = 0;
    const end = counter.subscribe(
      ({ count }) => count,
      () => (told += 1),
    );
    counter.subscribe(
      ({ count }) => count,
      () => (told += 1),
      { signal: abort.signal },
    );
    await counter.update((draft) => void (draft.count += 1));
    await turn();
    expect(told).toBe(2);
    end();
    abort.abort();
    await counter.update((draft) => void (draft.count += 1));
    await turn();
    expect(told).toBe(2);
  });

  it('reports what a listener throws, and neither breaks the commit nor other listeners', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const reported: unknown[] = [];
    const report = (message: unknown): void => void reported.push((message as { error: unknown }).error);
    onChannel('holdfast:error', report);
    let told = 0;
    const error = new Error('listener broke');
    counter.subscribe(
      ({ count }) => count,
      () => {
        throw error;
      },
    );
    counter.subscribe(
      ({ count }) => count,
      () => (told += 1),
    );
    await counter.update((draft) => void (draft.count += 1));
    await turn();
    offChannel('holdfast:error', report);
    expect(reported).toEqual([error]);
    expect([told, counter.current.count]).toEqual([1, 1]);
  });
});

describe('changes', () => {
  it('gives every commit in order from the beginning, then waits for the next', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const tab = await state.conversation('anna').get(Tab);
    await counter.update((draft) => void (draft.count += 1), { actor: 'anna', cause: 'click', toolCall: 'call-1', trace: 't-1' });
    await tab.update((draft) => order(draft, 'Beer', 5));
    const feed = state.changes({ since: 0 });
    const first = (await feed.next()).value;
    const second = (await feed.next()).value;
    expect(first).toMatchObject({
      seq: 1,
      actor: 'anna',
      cause: 'click',
      toolCall: 'call-1',
      trace: 't-1',
      changes: [{ scope: 'global', state: 'counter', version: 1, value: { count: 1 } }],
    });
    expect(second).toMatchObject({ seq: 2, changes: [{ scope: 'conversation', id: 'anna', state: 'tab', version: 1 }] });
    const third = feed.next();
    await counter.update((draft) => void (draft.count += 1));
    expect((await third).value).toMatchObject({
      seq: 3,
      changes: [{ version: 2, patches: [{ op: 'replace', path: ['count'], value: 2 }] }],
    });
  });

  it('resumes behind a seq and gives only what passes the filter', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const [anna, ben] = [await state.conversation('anna').get(Tab), await state.conversation('ben').get(Tab)];
    const { seq } = await anna.update((draft) => order(draft, 'Beer', 5));
    await ben.update((draft) => order(draft, 'Beer', 5));
    await counter.update((draft) => void (draft.count += 1));
    await anna.update((draft) => order(draft, 'Gin', 8));
    const conversations = state.changes({ since: seq, scope: 'conversation' });
    expect([(await conversations.next()).value, (await conversations.next()).value].map((commit) => commit?.changes[0])).toMatchObject([
      { id: 'ben', version: 1 },
      { id: 'anna', version: 2 },
    ]);
    const annas = state.changes({ since: seq, entity: { scope: 'conversation', id: 'anna' } });
    expect((await annas.next()).value?.changes[0]).toMatchObject({ id: 'anna', version: 2 });
  });

  it('begins with the next commit when no seq is given, and ends by its signal and by close', async () => {
    const state = await openManager();
    const counter = await state.global().get(Counter);
    await counter.update((draft) => void (draft.count += 1));
    const abort = new AbortController();
    const feed = state.changes({ signal: abort.signal });
    const other = state.changes();
    const [next, otherNext] = [feed.next(), other.next()];
    await counter.update((draft) => void (draft.count += 1));
    expect((await next).value?.changes[0]?.version).toBe(2);
    await otherNext;
    const ended = feed.next();
    abort.abort();
    expect((await ended).done).toBe(true);
    const closed = other.next();
    await state.close();
    expect((await closed).done).toBe(true);
  });
});
