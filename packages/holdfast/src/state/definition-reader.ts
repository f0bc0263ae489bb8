import type { EntityCell, StateReader } from '../commit/index.ts';
import { freezeJson, freezeParsed } from '../cow/index.ts';
import { HoldfastError, type ValidationIssue } from '../errors/index.ts';
import { isSecret, StateSecrets, type KeyRing } from '../secret/index.ts';
import type { StateDefinition } from './definition.ts';
import { eachIssues } from './each-item.ts';
import { schemaIssues } from './validation.ts';

/** Reads stored values of a state by its definition: migrates older ones, hands newer ones out as they are, validates the rest. */
export function definitionReader(definition: StateDefinition<unknown>, cell: EntityCell, keys: KeyRing): StateReader {
  const { name, version, schema, each, initial, retention } = definition;
  const entity = cell.name;
  const secrets = definition.secrets.length > 0 ? new StateSecrets(definition.secrets, keys, name, cell) : undefined;
  return {
    version,
    keepVersions: retention.versions,
    initial,
    ...(secrets && { secrets }),
    read: (stored, defVersion, stateVersion) => {
      const revived = secrets ? secrets.revive(stored, defVersion === version) : stored;
      if (defVersion > version) return freezeParsed(revived, isSecret);
      const value =
        defVersion < version ? migrate(definition, entity, revived, defVersion, secrets) : freezeParsed(revived, secrets?.isInPlace);
      const issues = secrets?.issues(value) ?? schemaIssues(schema, value) ?? eachIssues(each, value);
      if (!issues) return value;
      const [first] = issues;
      throw new HoldfastError(
        'VALIDATION_FAILED',
        `Version ${stateVersion} of ${name} of ${entity} does not fit the schema any more at ${first?.path.join('.') || '(root)'}: ${first?.message}. Raise the definition's version and add a migration.`,
        { entity, state: name, issues },
      );
    },
  };
}

function migrate(
  { name, version, migrations }: StateDefinition<unknown>,
  entity: string,
  stored: unknown,
  from: number,
  secrets: StateSecrets | undefined,
): unknown {
  let value = stored;
  for (let step = from + 1; step <= version; step++) {
    const migration = migrations[step] as ((old: unknown) => unknown) | undefined;
    try {
      if (!migration) throw new TypeError(`no migration leads to version ${step}`);
      value = migration(value);
    } catch (cause) {
      // What is thrown where secrets are at hand may quote one, as the errors of JSON.parse do.
      if (secrets) throw failed(`step ${step} failed, for a reason that is withheld because the state has secrets`, undefined);
      throw failed(`step ${step}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
    }
  }
  const issue = freezeJson(value, secrets?.isInPlace);
  if (issue) throw failed(`the result is not JSON at ${issue.path.join('.')}: ${issue.message}`, undefined, [issue]);
  return value;

  function failed(why: string, cause: unknown, issues?: readonly ValidationIssue[]): HoldfastError {
    const data = { entity, state: name, fromVersion: from, toVersion: version, ...(issues && { issues }) };
    return new HoldfastError(
      'MIGRATION_FAILED',
      `${name} of ${entity} could not be migrated from version ${from} to ${version}: ${why}. What is stored is unchanged.`,
      data,
      { cause },
    );
  }
}
