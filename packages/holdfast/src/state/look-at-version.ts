import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import type { EntityCell, StateReader } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { replay, type ReplayedState } from '../history/index.ts';
import type { LoadedState } from '../store/index.ts';
import { definitionReader } from './definition-reader.ts';
import type { StateDefinition } from './definition.ts';
import type { EngineContext } from './engine-context.ts';
import type { UnusableReason } from './migration-report.ts';
import { storedBody } from './recipe-outcome.ts';

/** One state of one entity, for which a migration has the definition. */
export interface MigrationTarget {
  readonly definition: StateDefinition<unknown>;
  readonly entity: EntityCell;
  readonly eid: number;
}

/** What a stored version is in the eyes of a definition. */
export type LookedAt =
  | { readonly kind: 'current' | 'newer'; readonly version: number }
  | {
      readonly kind: 'older';
      readonly version: number;
      readonly defVersion: number;
      readonly reader: StateReader;
      /** In the definition's shape. */
      readonly value: unknown;
      readonly characters: number;
    }
  | { readonly kind: 'failed'; readonly version: number; readonly reason: UnusableReason; readonly loaded: LoadedState | undefined };

/** Reads a version and migrates it in memory; undefined when it is not there (any more). Writes nothing. What concerns no single state is thrown. */
export async function lookAtVersion(context: EngineContext, target: MigrationTarget, version: number): Promise<LookedAt | undefined> {
  // A store that answers at once would otherwise keep everybody else from running.
  await nextLoopTurn();
  const { definition, entity, eid } = target;
  let loaded: LoadedState | undefined;
  try {
    loaded = await context.store.load(eid, definition.name, version);
    if (!loaded) return undefined;
    const { value, defVersion } = replayed(loaded);
    if (defVersion > definition.version) return { kind: 'newer', version };
    const reader = definitionReader(definition, entity, context.keys);
    await reader.secrets?.load();
    const current = readBy(reader, definition, entity, { value, defVersion, version });
    if (defVersion === definition.version) return { kind: 'current', version };
    return { kind: 'older', version, defVersion, reader, value: current, characters: tryOut(target, reader, current, loaded) };
  } catch (error) {
    const reason = unusable(error);
    if (!reason) throw error;
    return { kind: 'failed', version, reason, loaded };
  }
}

/** Why a state cannot be used, if that is what the error says. */
export function unusable(error: unknown): UnusableReason | undefined {
  if (!isHoldfastError(error)) return undefined;
  const { code, message } = error;
  if (isHoldfastError(error, 'VALIDATION_FAILED')) return { code, message, path: error.data.issues[0]?.path ?? [] };
  if (isHoldfastError(error, 'SECRET_UNREADABLE')) return { code, message, path: error.data.path.split('.') };
  if (isHoldfastError(error, 'MIGRATION_FAILED')) return { code, message, path: error.data.issues?.[0]?.path ?? [] };
  if (isHoldfastError(error, 'CONCURRENT_MODIFICATION')) return { code, message, path: [] };
  if (!isHoldfastError(error, 'CORRUPT_STATE')) return undefined;
  const { lastGoodVersion } = error.data;
  return { code, message, path: [], ...(lastGoodVersion !== undefined && { lastGoodVersion }) };
}

function replayed(loaded: LoadedState): ReplayedState {
  try {
    return replay(loaded);
  } catch {
    // Its message might quote what is stored.
    const what = `version ${loaded.patches.at(-1)?.version ?? loaded.base.version}`;
    throw new HoldfastError('CORRUPT_STATE', 'The recorded patches do not fit the value that they belong to.', { what });
  }
}

function readBy(
  reader: StateReader,
  { name }: StateDefinition<unknown>,
  { name: entity }: EntityCell,
  { value, defVersion, version }: { readonly value: unknown; readonly defVersion: number; readonly version: number },
): unknown {
  try {
    return reader.read(value, defVersion, version);
  } catch (cause) {
    if (isHoldfastError(cause)) throw cause;
    // A schema that throws, for a value that it did not think of.
    const message = reader.secrets
      ? 'its schema threw an error, which is withheld because the state has secrets'
      : `its schema threw: ${String(cause)}`;
    const issues = [{ path: [], message }];
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `Version ${version} of ${name} of ${entity} cannot be checked: ${message}.`,
      { entity, state: name, issues },
      { cause },
    );
  }
}

/** Does all that writing would do, so that a dry run finds the same; gives about how many characters there are to write. */
function tryOut({ definition, entity }: MigrationTarget, reader: StateReader, value: unknown, { base, patches }: LoadedState): number {
  const holdsSecret = [base.body, ...patches.map(({ text }) => text)].some((text) => text.includes('"$secret"'));
  if (holdsSecret) reader.secrets?.seal(value, undefined);
  return storedBody(definition, entity.name, value).length;
}
