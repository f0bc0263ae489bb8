import { HoldfastError } from '../errors/index.ts';
import type { Scope } from '../scope/index.ts';
import type { StateDefinition } from './definition.ts';

/** The values of a list of states, in its order. */
export type ValuesOf<States extends readonly StateDefinition<unknown>[]> = {
  readonly [Key in keyof States]: States[Key] extends StateDefinition<infer T> ? T : never;
};

/** A rule over several states of one entity. Made by {@link defineInvariant}, given to `StateManager.open`. */
export interface InvariantDefinition {
  readonly name: string;
  readonly scope: Scope;
  readonly states: readonly StateDefinition<unknown>[];
  check(this: void, now: readonly unknown[], was: readonly unknown[]): boolean | string;
}

/**
 * Defines a rule over states of one entity. A commit that writes one of them reads and version-checks the others too, so no two commits
 * can break the rule together.
 * @throws {HoldfastError} INVALID_ARGUMENT when the states are fewer than two or of different scopes.
 */
export function defineInvariant<const States extends readonly StateDefinition<never>[] | readonly StateDefinition<unknown>[]>(
  name: string,
  states: States,
  check: (now: ValuesOf<States>, was: ValuesOf<States>) => boolean | string,
): InvariantDefinition {
  const [first] = states;
  if (!first || states.length < 2 || states.some(({ scope }) => scope !== first.scope)) {
    throw new HoldfastError('INVALID_ARGUMENT', `Invariant ${name} needs two or more states of one scope.`, { argument: 'states' });
  }
  return {
    name,
    scope: first.scope,
    states: states as readonly StateDefinition<unknown>[],
    check,
  };
}
