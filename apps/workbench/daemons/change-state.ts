import type { CommitResult, Draft, HeldLease, StateDefinition, StateManager, Transaction } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import { assertFileIsTaken } from '../state-files.ts';
import type { DaemonName } from './daemon.ts';

/**
 * Changes the state of a daemon, as the one daemon of its name. What the recipe throws comes out, with nothing changed.
 * @throws {WorkbenchError} REFUSED while the state's file holds what cannot be taken.
 */
export async function changeState<T, R>(
  { state, store, lease }: { readonly state: StateManager; readonly store: Pick<FileStore, 'problems'>; readonly lease: () => HeldLease },
  definition: StateDefinition<T, 'global'>,
  { daemon, cause }: { readonly daemon: DaemonName; readonly cause: string },
  recipe: (draft: Draft<T>, tx: Transaction) => R,
): Promise<CommitResult<R>> {
  const handle = await state.global().get(definition);
  assertFileIsTaken(store, definition.name);
  return await handle.update<R>((draft, tx) => recipe(draft, tx) as never, { actor: `daemon:${daemon}`, cause, lease: lease() });
}
