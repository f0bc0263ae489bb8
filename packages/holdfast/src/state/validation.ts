import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isSameJson } from '../cow/index.ts';
import { HoldfastError, type ValidationIssue } from '../errors/index.ts';

/**
 * What a schema has against a value; undefined when it fits. A schema that gives out something else than it was given is an issue too:
 * what is stored must be what was computed.
 * @throws {HoldfastError} INVALID_ARGUMENT when the schema is asynchronous.
 */
export function schemaIssues(schema: StandardSchemaV1, value: unknown): readonly ValidationIssue[] | undefined {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new HoldfastError('INVALID_ARGUMENT', 'The schema validates asynchronously; a state needs one that answers at once.', {
      argument: 'schema',
    });
  }
  if (result.issues) return result.issues.map(({ path = [], message }) => ({ path: path.map(pathKey), message }));
  if (isSameJson(result.value, value)) return undefined;
  return [
    {
      path: differingPath(value, result.value),
      message: 'the schema would strip, fill in or change this; make the value exact or the schema accept it as it is',
    },
  ];
}

function pathKey(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'symbol' ? key.toString() : key;
}

function differingPath(given: unknown, got: unknown): (string | number)[] {
  if (typeof given !== 'object' || typeof got !== 'object' || given === null || got === null) return [];
  const a = given as Record<string, unknown>;
  const b = got as Record<string, unknown>;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!isSameJson(a[key], b[key])) return [Array.isArray(given) ? Number(key) : key, ...differingPath(a[key], b[key])];
  }
  return [];
}
