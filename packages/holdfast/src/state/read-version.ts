import type { StateCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { replay } from '../history/index.ts';
import type { StateDefinition } from './definition.ts';
import type { EngineContext } from './engine-context.ts';

/** The value of one version of a state, in the definition's shape. @throws {HoldfastError} NOT_FOUND, CORRUPT_STATE. */
export async function readVersion<T>(context: EngineContext, cell: StateCell, definition: StateDefinition<T>, version: number): Promise<T> {
  context.assertOpen();
  cell.entity.assertThere();
  if (version === 0) return definition.initial;
  const { eid } = cell.entity;
  const loaded = eid === undefined ? undefined : await context.store.load(eid, cell.state, version);
  if (!loaded) {
    const what = `version ${version} of ${definition.name} of ${cell.entity.name}`;
    throw new HoldfastError('NOT_FOUND', `There is no ${what} (any more).`, { what });
  }
  const { value, defVersion } = replay(loaded);
  await cell.reader.secrets?.load();
  return cell.reader.read(value, defVersion, version) as T;
}
