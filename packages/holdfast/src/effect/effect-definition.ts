import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Draft } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import type { EffectKind, StateDefinition, Transaction, ValuesOf } from '../state/index.ts';

const NAME = /^[A-Za-z][\w.-]{0,63}$/;

/** How an effect ended. `unknown`: it may have happened; `reconcile` finds out. */
export type EffectOutcome<Output> =
  | { readonly status: 'done'; readonly output: Output }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'unknown'; readonly error: string };

/** What the outside world says of an effect whose outcome is not known. Only `absent` permits another run. */
export type Reconciliation<Output> = EffectOutcome<Output> | { readonly status: 'absent' };

export interface EffectRun {
  /** The same on every run of this effect: give it to the provider as its idempotency key. */
  readonly key: string;
  /** 1 for the first run. */
  readonly run: number;
  /** Aborts when the manager closes or another process has taken the effect over. */
  readonly signal: AbortSignal;
}

/** Drafts of a list of states, in its order. */
export type DraftsOf<States extends readonly StateDefinition<unknown>[]> = { readonly [Key in keyof States]: Draft<ValuesOf<States>[Key]> };

/** Throw it from `run` when the effect certainly did not happen and shall not be tried again: a card declined, an address refused. */
export class EffectFailure extends Error {
  override readonly name = 'EffectFailure';
}

/** A side effect on the outside world. Made by {@link defineEffect}, given to `StateManager.open`. */
export interface EffectDefinition<Input = unknown, Output = unknown> extends EffectKind<Input> {
  readonly output: StandardSchemaV1<unknown, Output>;
  readonly states: readonly StateDefinition<unknown>[];
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  run(this: void, input: Input, run: EffectRun): Promise<Output>;
  reconcile?(this: void, input: Input, run: EffectRun): Promise<Reconciliation<Output>>;
  simulate?(this: void, input: Input, run: EffectRun): Promise<Output>;
  settle(
    this: void,
    drafts: readonly unknown[],
    outcome: EffectOutcome<Output>,
    tx: Transaction,
    effect: { readonly key: string; readonly input: Input },
  ): void;
}

export interface EffectOptions<Input, Output, States extends readonly StateDefinition<unknown>[]> {
  /** A letter, then up to 63 letters, digits, `_`, `.` or `-`. Never rename it: it is the key of what is stored. */
  readonly name: string;
  /** What a recipe gives when it intends the effect; JSON. */
  readonly input: StandardSchemaV1<unknown, Input>;
  /** What `run` gives; JSON. */
  readonly output: StandardSchemaV1<unknown, Output>;
  /** States of the intending entity that `settle` writes. */
  readonly states: States;
  /** Whether several effects of this name may be unsettled on one entity at a time. Default false. */
  readonly concurrent?: boolean;
  /** Waits between reconciliations of one effect: doubled from `firstMs` (default 1,000) up to `maxMs` (default 60,000), with jitter. */
  readonly retry?: { readonly firstMs?: number; readonly maxMs?: number };
  /**
   * Does it. What it throws makes the outcome unknown, since it may have happened all the same; only {@link EffectFailure} says that it did not.
   */
  readonly run: (input: Input, run: EffectRun) => Promise<Output>;
  /** Asks the outside world what became of it. Without it an unknown outcome stays unknown. What it throws counts as `unknown`. */
  readonly reconcile?: (input: Input, run: EffectRun) => Promise<Reconciliation<Output>>;
  /** Stands in for `run` in a fork; must not touch the outside world. Without it the effect cannot be intended in one. */
  readonly simulate?: (input: Input, run: EffectRun) => Promise<Output>;
  /**
   * Writes the outcome into the states, in one commit with the ledger. Called for `unknown` too, once, so that the state can say so; then
   * again when the outcome is known. Synchronous, and may run more than once.
   */
  readonly settle?: (
    drafts: DraftsOf<States>,
    outcome: EffectOutcome<Output>,
    tx: Transaction,
    effect: { readonly key: string; readonly input: Input },
  ) => void | undefined;
}

/**
 * Defines an effect.
 * @throws {HoldfastError} INVALID_ID for an unacceptable name; INVALID_ARGUMENT when `states` are of different scopes.
 */
export function defineEffect<Input, Output, const States extends readonly StateDefinition<never>[] | readonly StateDefinition<unknown>[]>(
  options: EffectOptions<Input, Output, States & readonly StateDefinition<unknown>[]>,
): EffectDefinition<Input, Output> {
  const { name, input, output, states, concurrent = false, retry = {}, run, reconcile, simulate, settle } = options;
  if (!NAME.test(name))
    throw new HoldfastError(
      'INVALID_ID',
      `An effect cannot be called ${JSON.stringify(name)}: use a letter, then up to 63 letters, digits, '_', '.' or '-'.`,
      { what: 'effect name' },
    );
  const [first] = states;
  if (states.some(({ scope }) => scope !== first?.scope)) {
    throw new HoldfastError('INVALID_ARGUMENT', `Effect ${name} names states of several scopes; an effect belongs to one entity.`, {
      argument: 'states',
    });
  }
  return {
    name,
    input,
    output,
    states,
    concurrent,
    retry: { firstMs: retry.firstMs ?? 1_000, maxMs: retry.maxMs ?? 60_000 },
    run,
    ...(reconcile && { reconcile }),
    ...(simulate && { simulate }),
    settle: (drafts, outcome, tx, effect) => settle?.(drafts as never, outcome, tx, effect),
  };
}
