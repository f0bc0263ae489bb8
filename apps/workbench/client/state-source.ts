import type { StateDefinition, StateHandle, StateManager } from 'holdfast';
import type { OverviewSource } from './overview.ts';

/** A state of the home as a part of the overview, seen as any process commits it. One that cannot be read now is tried again with each reading. */
export function stateSource<T, V>(state: StateManager, definition: StateDefinition<T, 'global'>, view: (value: T) => V): OverviewSource<V> {
  const listeners = new Set<() => void>();
  let opening: Promise<StateHandle<T>> | undefined;
  const open = async (): Promise<StateHandle<T>> => {
    const handle = await state.global().get(definition);
    handle.subscribe(
      (value) => value,
      () => {
        for (const listener of listeners) listener();
      },
      { equals: Object.is },
    );
    return handle;
  };
  return {
    async read() {
      opening ??= open();
      try {
        return view((await opening).current);
      } catch (error) {
        opening = undefined;
        throw error;
      }
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
}
