import { subscribe as onChannel, unsubscribe as offChannel } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StateManager, type StateHandle } from 'holdfast';
import type { Store } from 'holdfast/store';
import { Counter, openManager } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

const count = ({ count: value }: { count: number }): number => value;
const add = (counter: StateHandle<{ count: number }>): Promise<unknown> => counter.update((draft) => void (draft.count += 1));

describe('a listener that takes its time', () => {
  it('is not called again before it is done, and then once, with the newest value', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const told: (readonly [now: number, was: number])[] = [];
    let running = 0;
    let mostAtOnce = 0;
    const done: (() => void)[] = [];
    counter.subscribe(count, async (now, was) => {
      told.push([now, was]);
      mostAtOnce = Math.max(mostAtOnce, (running += 1));
      await new Promise<void>((resolve) => done.push(resolve));
      running -= 1;
    });
    for (let commit = 0; commit < 5; commit++) await add(counter);
    await turn();
    expect(told).toEqual([[1, 0]]);
    done[0]!();
    await turn();
    await turn();
    expect(told).toEqual([
      [1, 0],
      [5, 1],
    ]);
    done[1]!();
    await add(counter);
    await turn();
    expect([told.at(-1), mostAtOnce]).toEqual([[6, 5], 1]);
  });

  it('and never ends, holds up neither commits nor other listeners, and ends with the subscription', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    let stuck = 0;
    const seen: number[] = [];
    const end = counter.subscribe(count, () => {
      stuck += 1;
      return new Promise(() => undefined);
    });
    counter.subscribe(count, (now) => void seen.push(now));
    for (let commit = 0; commit < 4; commit++) {
      await add(counter);
      await turn();
    }
    end();
    expect([stuck, seen, counter.current.count]).toEqual([1, [1, 2, 3, 4], 4]);
  });

  it('and blocks, does so after the callers have their answers', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const order: string[] = [];
    counter.subscribe(count, () => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      order.push('listener');
    });
    counter.subscribe(count, () => void order.push('other listener'));
    await Promise.all(['a', 'b'].map((name) => add(counter).then(() => order.push(name))));
    await turn();
    expect(order).toEqual(['a', 'b', 'listener', 'other listener']);
  });
});

describe('a listener that fails', () => {
  it('is told of the next change all the same, whether it throws or rejects, and so are the others', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const reported: unknown[] = [];
    const report = (message: unknown): void => void reported.push(message);
    onChannel('holdfast:error', report);
    const told: number[] = [];
    counter.subscribe(count, () => Promise.reject(new Error('rejected')));
    counter.subscribe(count, () => {
      throw new Error('thrown');
    });
    counter.subscribe(count, (now) => void told.push(now));
    for (let commit = 0; commit < 2; commit++) {
      await add(counter);
      await turn();
    }
    offChannel('holdfast:error', report);
    expect(told).toEqual([1, 2]);
    const [rejected, thrown] = [new Error('rejected'), new Error('thrown')].map((error) => ({ error, source: 'subscriber' }));
    expect(reported).toHaveLength(4);
    expect(reported).toEqual(expect.arrayContaining([rejected, thrown]));
  });
});

describe('a reader of the feed that stops pulling', () => {
  it('has nothing read for it meanwhile, and misses nothing when it goes on', async () => {
    const { store, reads } = counting(testStore());
    await using state = await StateManager.open({ store });
    const counter = await state.global().get(Counter);
    const feed = state.changes();
    const first = feed.next();
    await add(counter);
    await first;
    const before = reads();
    for (let commit = 0; commit < 600; commit++) await add(counter);
    expect(reads()).toBe(before);
    const seqs: (number | undefined)[] = [];
    for (let seq = 2; seq <= 601; seq++) seqs.push((await feed.next()).value?.seq);
    expect(seqs).toEqual(Array.from({ length: 600 }, (_, index) => index + 2));
  });

  it('ends by its signal, and by close, also in the middle of what it has read', async () => {
    const state = await openManager();
    const counter = await state.global().get(Counter);
    for (let commit = 0; commit < 3; commit++) await add(counter);
    const abort = new AbortController();
    const [aborted, closed] = [state.changes({ since: 0, signal: abort.signal }), state.changes({ since: 0 })];
    await Promise.all([aborted.next(), closed.next()]);
    abort.abort();
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    await state.close();
    expect(await closed.next()).toEqual({ done: true, value: undefined });
    expect(await Array.fromAsync(closed)).toEqual([]);
  });

  it('that had ended before it began gives nothing', async () => {
    await using state = await openManager();
    await add(await state.global().get(Counter));
    expect(await Array.fromAsync(state.changes({ since: 0, signal: AbortSignal.abort() }))).toEqual([]);
  });
});

/** A store that counts how often its log is read. */
function counting(store: Store): { readonly store: Store; readonly reads: () => number } {
  let reads = 0;
  const counted = new Proxy(store, {
    get: (target, property) => {
      if (property === 'log') reads += 1;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { store: counted, reads: () => reads };
}
