import type { StateHandle } from 'holdfast';

/** Resolves with the state's value once that is as wanted, by whomever. */
export async function until<T>(state: StateHandle<T>, holds: (value: T) => boolean): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = state.subscribe(holds, (isSo) => isSo && resolve());
  if (!holds(state.current)) await promise;
  unsubscribe();
  return state.current;
}
