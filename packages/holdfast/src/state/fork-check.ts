import type { EntityCell } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import type { StateDefinition } from './definition.ts';
import { definitionReader } from './definition-reader.ts';
import type { EngineContext } from './engine-context.ts';

/** A state as a fork is to have it: without its secrets. */
export interface BareState {
  readonly state: string;
  readonly version: number;
  readonly defVersion: number;
  readonly body: string;
}

/**
 * Refuses a fork that could not be read afterwards: where the definition is in use, null must do in the places of its secrets.
 * @throws {HoldfastError} VALIDATION_FAILED.
 */
export function assertReadableBare(
  context: EngineContext,
  source: EntityCell,
  definition: StateDefinition<unknown>,
  { state, version, defVersion, body }: BareState,
): void {
  try {
    definitionReader(definition, source, context.keys).read(JSON.parse(body), defVersion, version);
  } catch (error) {
    if (!isHoldfastError(error, 'VALIDATION_FAILED') && !isHoldfastError(error, 'MIGRATION_FAILED')) throw error;
    const issues = isHoldfastError(error, 'VALIDATION_FAILED') ? error.data.issues : [];
    const where = issues.length > 0 ? ` at ${issues.map(({ path }) => path.join('.') || '(root)').join(', ')}` : '';
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `${source.name} cannot be forked without its secrets: ${state} could not be read with null for them${where}. Fork with { secrets: 'copy' }, or use a schema that accepts null there. Nothing was written.`,
      { entity: source.name, state, issues },
    );
  }
}
