import type { CommitQueue, EntityCell, EntityRegistry, LogFollower } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import type { Store } from '../store/index.ts';
import { replay } from './replay.ts';

/** What checkpoints, restores and forks work with. */
export interface HistoryContext {
  readonly store: Store;
  readonly queue: CommitQueue;
  readonly registry: EntityRegistry;
  readonly follower: LogFollower;
  readonly now: () => number;
  readonly retryForMs: number;
}

/** The eid of an entity that must exist. */
export async function existing({ registry }: HistoryContext, entity: EntityCell): Promise<number> {
  await registry.resolve(entity);
  entity.assertThere();
  if (entity.eid === undefined) throw notFound(entity.name);
  return entity.eid;
}

/** A state as it was recorded at a version, or its definition's initial value when it had none then. */
export async function pastValue(
  { store }: HistoryContext,
  entity: EntityCell,
  eid: number,
  state: string,
  version: number | undefined,
): Promise<{ defVersion: number; body: string }> {
  if (version === undefined) {
    const cell = entity.states.get(state);
    if (!cell) {
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `${state} of ${entity.name} did not exist at the checkpoint and its definition is not in use here; get the state first.`,
        { argument: 'checkpoint' },
      );
    }
    return { defVersion: cell.reader.version, body: JSON.stringify(cell.reader.initial) };
  }
  const loaded = await store.load(eid, state, version);
  if (!loaded) throw notFound(`version ${version} of ${state} of ${entity.name}`);
  const { value, defVersion } = replay(loaded);
  return { defVersion, body: JSON.stringify(value) };
}

/** Runs again when a state moved in between. */
export async function retried<T>({ now, retryForMs }: HistoryContext, attempt: () => Promise<T>): Promise<T> {
  const deadline = now() + retryForMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isHoldfastError(error, 'CONCURRENT_MODIFICATION') || now() >= deadline) throw error;
    }
  }
}

export function notFound(what: string): HoldfastError {
  return new HoldfastError('NOT_FOUND', `There is no ${what}.`, { what });
}
