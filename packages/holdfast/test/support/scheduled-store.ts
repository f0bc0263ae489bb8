import type { Scheduler } from 'fast-check';
import type { Store } from 'holdfast/store';

/** Calls that may overlap with others: each waits for the scheduler before it reaches the store, and again before its answer is seen. */
const SCHEDULED = ['commit', 'load', 'log', 'item', 'items', 'entity', 'heads'] as const;

/** A store whose calls and answers come in whatever order the scheduler decides. Closing it leaves the store itself open, for others to use. */
export function scheduled(store: Store, scheduler: Scheduler, name: string): Store {
  return new Proxy(store, {
    get: (target, property) => {
      if (property === 'close') return () => Promise.resolve();
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => unknown;
      if (!SCHEDULED.some((each) => each === property)) return call;
      return async (...args: unknown[]): Promise<unknown> => {
        await scheduler.schedule(Promise.resolve(), `${name} asks ${String(property)}`);
        const answer = await (call(...args) as Promise<unknown>);
        await scheduler.schedule(Promise.resolve(), `${name} hears of ${String(property)}`);
        return answer;
      };
    },
  });
}
