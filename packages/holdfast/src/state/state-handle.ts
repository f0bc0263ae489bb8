import { isBehind, loadCell, type EntityCell, type StateCell } from '../commit/index.ts';
import { difference, isSameJson, type Draft, type Patch } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { subscribe } from '../event/index.ts';
import { bisectVersions, blamePath, keptVersions, type Blame, type Checkpoint, type VersionRecord } from '../history/index.ts';
import type { EntityAddress } from '../scope/index.ts';
import type { CommitOptions, CommitResult } from './commit-options.ts';
import type { StateDefinition } from './definition.ts';
import type { EngineContext } from './engine-context.ts';
import type { Transaction } from './recipe-job.ts';
import { readVersion } from './read-version.ts';
import { keepAlive, runRecipe } from './run-recipe.ts';

/**
 * A recipe must answer at once: one that returns a promise does not compile. A wrapper that takes a recipe and hands it on types it in the same way,
 * `<R>(recipe: (draft: Draft<T>) => SyncResult<R>)`, and R is inferred all the way.
 */
export type SyncResult<R> = R extends PromiseLike<unknown> ? never : R;

export interface SubscribeOptions<Selected> {
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /** When two selected values count as the same. Default: equal in structure. */
  readonly equals?: (a: Selected, b: Selected) => boolean;
}

/** One state of one entity. Got by `entity.get(definition)`; reading it costs nothing, writing it goes through the manager's queue. */
export class StateHandle<T> {
  readonly definition: StateDefinition<T>;
  readonly #context: EngineContext;
  readonly #entity: EntityCell;
  readonly #cell: StateCell;

  /** @internal Handles are made by `entity.get`. */
  constructor(context: EngineContext, entity: EntityCell, cell: StateCell, definition: StateDefinition<T>) {
    this.definition = definition;
    this.#context = context;
    this.#entity = entity;
    this.#cell = cell;
  }

  get entity(): EntityAddress {
    return { scope: this.#entity.scope, id: this.#entity.id };
  }

  /**
   * The newest confirmed value that this process has seen, frozen.
   * @throws {HoldfastError} NOT_FOUND when the entity was deleted.
   */
  get current(): T {
    this.#entity.assertThere();
    return this.#cell.value as T;
  }

  /** The version of `current`; 0 while nothing was written. */
  get version(): number {
    this.#entity.assertThere();
    return this.#cell.version;
  }

  /**
   * Reads the head of the store and gives the value found there.
   * @throws {HoldfastError} NOT_FOUND, CORRUPT_STATE, MIGRATION_FAILED, VALIDATION_FAILED, STORE_UNAVAILABLE.
   */
  async refresh(): Promise<T> {
    this.#context.assertOpen();
    await this.#context.follower.catchUp();
    this.#entity.assertThere();
    if (isBehind(this.#cell)) await loadCell(this.#context.store, this.#cell);
    await keepAlive(this.#context, this.#entity);
    return this.current;
  }

  /**
   * Changes the state by mutating a draft of it; what the recipe returns is the result's `value`. The recipe is synchronous and may run
   * more than once. Resolves when the commit is as durable as the definition says.
   * @throws {HoldfastError} CONCURRENT_MODIFICATION, VALIDATION_FAILED, INVARIANT_VIOLATED, IDEMPOTENCY_MISMATCH, STALE_LEASE, EFFECT_UNKNOWN,
   * NOT_FOUND, NEWER_VERSION, CORRUPT_STATE, STORE_UNAVAILABLE, STORE_FULL, CLOSED; and whatever the recipe throws. Nothing is written then,
   * except that STORE_UNAVAILABLE with `outcome: 'unknown'` cannot tell.
   */
  update<R>(recipe: (draft: Draft<T>, tx: Transaction) => SyncResult<R>, options: CommitOptions = {}): Promise<CommitResult<R>> {
    const run = recipe as (draft: Draft<T>, tx: Transaction) => R;
    return runRecipe(this.#context, [this.participant], ([draft], tx) => run(draft as Draft<T>, tx), options);
  }

  /** Replaces the state; the value is frozen. Errors as of {@link update}. */
  set(value: T, options: CommitOptions = {}): Promise<CommitResult<void>> {
    return runRecipe(this.#context, [this.participant], () => undefined, options, { replacement: { value } });
  }

  /**
   * The value of an older version, or at a checkpoint of the entity, in the definition's shape. Before its first version a state has its initial value.
   * @throws {HoldfastError} NOT_FOUND when the version is not kept; CORRUPT_STATE when its records are damaged.
   */
  at(moment: number | Pick<Checkpoint, 'versions'>): Promise<T> {
    const version = typeof moment === 'number' ? moment : (moment.versions[this.definition.name] ?? 0);
    return readVersion(this.#context, this.#cell, this.definition, version);
  }

  /** The versions that are kept, oldest first, each with who made it and why. */
  async *history(): AsyncGenerator<VersionRecord, void, undefined> {
    const { store } = this.#context;
    for await (const { record } of keptVersions(store, this.#eid(), this.#cell.state)) yield record;
  }

  /**
   * The commit that last changed what is at a path, `['items', 0, 'price']`; undefined when no commit ever did. Where older versions are no
   * longer kept, `isAtOrBefore` says that it may have been an earlier one. Costs a walk over the kept history.
   * @throws {HoldfastError} NOT_FOUND when the entity does not exist; CORRUPT_STATE.
   */
  async blame(path: readonly (string | number)[]): Promise<Blame | undefined> {
    return await blamePath(this.#context.store, this.#eid(), this.#cell.state, path);
  }

  /**
   * The commit that made the first kept version for which `holds` is false; undefined when it holds now. Found by halving, so it supposes that
   * what broke stayed broken. Costs about log2(versions) reads. Errors as of {@link at}.
   */
  async bisect(holds: (value: T) => boolean): Promise<VersionRecord | undefined> {
    const { store } = this.#context;
    return await bisectVersions({
      store,
      eid: this.#eid(),
      state: this.#cell.state,
      valueOf: (version) => this.at(version),
      holds: (value) => holds(value as T),
    });
  }

  /** Patches that lead from one version to another: of this state, or of the same one of another entity, such as a fork. Errors as of {@link at}. */
  async compare(from: number, to: number, other: StateHandle<T> = this): Promise<readonly Patch[]> {
    return difference(await this.at(from), await other.at(to));
  }

  /**
   * Calls back after the selected value changed, by whichever process, with the newest one; values in between may be skipped. A listener that
   * throws or is slow disturbs nobody: its error goes to the diagnostics channel `holdfast:error`. Returns the unsubscriber.
   */
  subscribe<Selected>(
    select: (value: T) => Selected,
    listener: (now: Selected, was: Selected) => unknown,
    options: SubscribeOptions<Selected> = {},
  ): () => void {
    this.#context.assertOpen();
    this.#entity.assertThere();
    const { signal, equals = isSameJson } = options;
    // Whoever subscribes need not keep the handle.
    const release = this.#context.registry.keep(this.#entity);
    const unsubscribe = subscribe({
      watched: this.#cell,
      select: select as (value: unknown) => Selected,
      listener,
      equals,
      report: (error) => this.#context.report(error, 'subscriber'),
    });
    const end = (): void => {
      unsubscribe();
      release();
      signal?.removeEventListener('abort', end);
    };
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    return end;
  }

  #eid(): number {
    this.#context.assertOpen();
    this.#entity.assertThere();
    const { eid, name } = this.#entity;
    if (eid === undefined) throw new HoldfastError('NOT_FOUND', `${name} has no history: nothing was committed to it yet.`, { what: name });
    return eid;
  }

  /** @internal What a transaction needs to know of the handle. */
  get participant(): { readonly definition: StateDefinition<unknown>; readonly cell: StateCell } {
    return { definition: this.definition, cell: this.#cell };
  }
}
