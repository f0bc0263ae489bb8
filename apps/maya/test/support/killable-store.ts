import type { Store } from 'holdfast/store';

/** A store as one process sees it. Once that is killed, nothing it asks for reaches the data any more, and it hears of nothing. */
export interface KillableStore extends Store {
  /** Kills the process at its n-th call from now on: before the call is carried out, or after it was. */
  killAt(calls: number, moment: 'before' | 'after'): void;
  /** Kills the process now. */
  kill(): void;
  /** Resolves when the process was killed. */
  readonly killed: Promise<void>;
  readonly isKilled: boolean;
}

/** Closing it leaves the data open for others. */
export function killable(store: Store): KillableStore {
  const killed = Promise.withResolvers<void>();
  let [isKilled, callsLeft, moment] = [false, Infinity, 'before'];
  const kill = (lastWords: () => unknown = () => undefined): void => {
    isKilled = true;
    void lastWords();
    killed.resolve();
  };
  const own: Partial<KillableStore> = {
    kill: () => kill(),
    killAt: (calls, when) => {
      [callsLeft, moment] = [calls, when];
    },
    killed: killed.promise,
    close: () => Promise.resolve(),
    signal: (callback) => store.signal(() => !isKilled && callback()),
  };
  const never = new Promise<never>(() => undefined);
  const called = (call: () => unknown): unknown => {
    if (isKilled) return never;
    callsLeft -= 1;
    if (callsLeft > 0) return call();
    kill(moment === 'after' ? call : undefined);
    return never;
  };
  return new Proxy(store, {
    get: (target, property) => {
      if (property === 'isKilled') return isKilled;
      if (property in own) return own[property as keyof KillableStore];
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => called(() => bound(...args));
    },
  }) as KillableStore;
}
