import type { StandardSchemaV1 } from '@standard-schema/spec';
import { freezeJson } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { SCOPES, type Scope } from '../scope/index.ts';
import { isPathPattern } from '../secret/index.ts';
import type { Durability } from '../store/index.ts';
import { eachIssues, type EachItem, type EachItemOf } from './each-item.ts';
import { schemaIssues } from './validation.ts';

const KEEP_VERSIONS = 1_000;
const NAME = /^[A-Za-z][\w.-]{0,63}$/;

/** A rule on a state: true when it holds; false, or a text that says why not, refuses the commit. `was` is the value before it. */
export type Invariant<T> = { bivariant(now: T, was: T): boolean | string }['bivariant'];

/** Brings a value from the version before to this one. Gets a value of its own to change or to replace; returns the new one. */
export type Migration = { bivariant(old: never): unknown }['bivariant'];

/** One typed document of an entity: what it looks like, where it lives, and what must hold. Made by {@link defineState}. */
export interface StateDefinition<T, S extends Scope = Scope, Name extends string = string> {
  readonly name: Name;
  readonly scope: S;
  readonly version: number;
  readonly schema: StandardSchemaV1<unknown, T>;
  readonly initial: T;
  readonly migrations: Readonly<Record<number, Migration>>;
  readonly invariants: Readonly<Record<string, Invariant<T>>>;
  readonly durability: Durability;
  readonly retention: { readonly versions: number };
  readonly secrets: readonly string[];
  readonly each: EachItem;
}

export interface StateOptions<T, S extends Scope, Name extends string, Path extends string = never> {
  /** Names the state inside its entity: a letter, then up to 63 letters, digits, `_`, `.` or `-`. Never rename it: it is the key of what is stored. */
  readonly name: Name;
  readonly scope: S;
  /** Of the shape, from 1 up; raise it together with a migration whenever stored values would not fit any more. Default 1. */
  readonly version?: number;
  /** Any Standard Schema that is synchronous and gives out what it was given: one that strips, coerces or fills in is refused. */
  readonly schema: StandardSchemaV1<unknown, T>;
  /** The value of an entity that has none yet: an object or an array. */
  readonly initial: NoInfer<T>;
  /** `{ 2: fromOneToTwo, 3: fromTwoToThree }`: each step's key is the version that it leads to. */
  readonly migrations?: Readonly<Record<number, Migration>>;
  /** By name, which is what an error says. */
  readonly invariants?: Readonly<Record<string, Invariant<NoInfer<T>>>>;
  /** `synced` (the default) survives a power cut; `written` only the death of the process, and is faster. */
  readonly durability?: Durability;
  /**
   * How many of the newest versions are kept, at least 1; `Infinity` keeps all. Default 1,000. Versions that a checkpoint names are kept besides. Older ones
   * go in the background, once a quarter more has come together.
   */
  readonly retention?: { readonly versions?: number };
  /**
   * Where secrets stand: keys with dots between them, `*` for any key or index, as in `providers.*.key`. A `Secret`, null or nothing may stand there,
   * and a Secret nowhere else. A fork has null there, so let the schema accept it where entities are forked. Default: none.
   */
  readonly secrets?: readonly string[];
  /**
   * For long lists and records, by their path (written as those of `secrets`): the schema of each of their items, as in `{ 'orders.*.lines': Line }`. A commit
   * checks only the items that it adds or changes, reading checks all of them. The state's own schema then need not look at the items: with zod,
   * `z.custom<Line[]>(Array.isArray)`, which costs nothing however long the list is. Default: none.
   */
  readonly each?: EachItemOf<NoInfer<T>, Path>;
}

/**
 * Defines a state.
 * @throws {HoldfastError} INVALID_ID for an unacceptable name; INVALID_ARGUMENT for a version, scope, migration or path that does not fit;
 * VALIDATION_FAILED when `initial` does not fit the schema.
 */
export function defineState<T, const S extends Scope, const Name extends string, const Path extends string = never>(
  options: StateOptions<T, S, Name, Path>,
): StateDefinition<T, S, Name> {
  const {
    name,
    scope,
    schema,
    initial,
    version = 1,
    migrations = {},
    invariants = {},
    durability = 'synced',
    retention = {},
    secrets = [],
  } = options;
  const each: EachItem = options.each ?? {};
  if (!NAME.test(name)) {
    throw new HoldfastError(
      'INVALID_ID',
      `A state cannot be called ${JSON.stringify(name)}: use a letter, then up to 63 letters, digits, '_', '.' or '-'.`,
      { what: 'state name' },
    );
  }
  if (!SCOPES.includes(scope))
    throw invalid('scope', `State ${name} names the scope ${JSON.stringify(scope)}; there are ${SCOPES.join(', ')}.`);
  if (!Number.isSafeInteger(version) || version < 1)
    throw invalid('version', `State ${name} has version ${version}; versions are whole numbers from 1 up.`);
  for (const step of Object.keys(migrations).map(Number)) {
    if (step < 2 || step > version)
      throw invalid('migrations', `State ${name} has a migration to version ${step}; its versions are 1 to ${version}.`);
  }
  const versions = retention.versions ?? KEEP_VERSIONS;
  if (versions !== Number.POSITIVE_INFINITY && (!Number.isSafeInteger(versions) || versions < 1))
    throw invalid('retention', `State ${name} keeps ${versions} versions; give a whole number from 1 up, or Infinity.`);
  const noPath = secrets.find((path) => !isPathPattern(path));
  if (noPath !== undefined)
    throw invalid(
      'secrets',
      `State ${name} has a secret at ${JSON.stringify(noPath)}; write keys with dots between them, and * for any key or index.`,
    );
  const noList = Object.keys(each).find((path) => !isPathPattern(path));
  if (noList !== undefined)
    throw invalid(
      'each',
      `State ${name} checks each item at ${JSON.stringify(noList)}; write keys with dots between them, and * for any key or index.`,
    );
  if (typeof initial !== 'object' || initial === null)
    throw invalid('initial', `State ${name} starts as ${String(initial)}; a state is an object or an array.`);
  const issues = jsonIssues(initial) ?? schemaIssues(schema, initial) ?? eachIssues(each, initial);
  if (issues) {
    const [first] = issues;
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `The initial value of state ${name} does not fit its schema: ${first?.path.join('.') || '(root)'}: ${first?.message}.`,
      {
        entity: scope,
        state: name,
        issues,
      },
    );
  }
  return Object.freeze({
    name,
    scope,
    version,
    schema,
    initial,
    migrations,
    invariants,
    durability,
    retention: { versions },
    secrets: Object.freeze([...secrets]),
    each: Object.freeze({ ...each }),
  });
}

function jsonIssues(value: unknown): readonly [NonNullable<ReturnType<typeof freezeJson>>] | undefined {
  const issue = freezeJson(value);
  return issue && [issue];
}

function invalid(argument: string, message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message, { argument });
}
