import { randomUUID } from 'node:crypto';
import { isBehind, loadCell, type EntityCell, type StateCell } from './commit/index.ts';
import { EffectHandle, unsettledEffects, type EffectDefinition, type UnsettledEffect } from './effect/index.ts';
import { HoldfastError } from './errors/index.ts';
import { diagnostics, observed } from './event/index.ts';
import {
  acceptVersion,
  forkEntity,
  forkTree,
  listCheckpoints,
  listForks,
  putCheckpoint,
  removeCheckpoint,
  restoreCheckpoint,
  usageOf,
  timelineOf,
  type Checkpoint,
  type CheckpointFilter,
  type CheckpointOptions,
  type Fork,
  type ForkTree,
  type RestoreOptions,
  type Usage,
  type TimelineEntry,
  type TimelineOptions,
} from './history/index.ts';
import { listEntities, type ChildrenOptions, type ListedEntity } from './list-entities.ts';
import { assertId, type EntityAddress, type Scope } from './scope/index.ts';
import { acquireLease, findLeaseHolder, type Lease, type LeaseHolder, type LeaseOptions } from './session/index.ts';
import {
  assertReadableBare,
  definitionReader,
  deleteEntity,
  endEntity,
  keepAlive,
  mergeFork,
  quarantined,
  readVersion,
  resolveUpwards,
  StateHandle,
  type BareState,
  type DeleteOptions,
  type EngineContext,
  type MergeOptions,
  type MergeResult,
  type Resolution,
  type QuarantinedState,
  type StateDefinition,
} from './state/index.ts';

/** One global, team, workflow or conversation. It exists from the first commit on one of its states until it is deleted or expires. */
export class EntityHandle<S extends Scope = Scope> implements EntityAddress {
  readonly scope: S;
  readonly id: string;
  readonly #context: EngineContext;
  readonly #definitions: Map<string, StateDefinition<unknown>>;
  readonly #prepare: (cell: EntityCell) => void;

  /** @internal Made by the manager's accessors. `prepare` gives its options to the entity. */
  constructor(
    context: EngineContext,
    definitions: Map<string, StateDefinition<unknown>>,
    address: { scope: S; id: string },
    prepare: (cell: EntityCell) => void,
  ) {
    this.scope = address.scope;
    this.id = address.id;
    this.#context = context;
    this.#definitions = definitions;
    this.#prepare = prepare;
  }

  /**
   * A handle of one state, loaded. A state that was never written has its initial value at version 0; nothing is written by reading.
   * @throws {HoldfastError} INVALID_ARGUMENT when the definition is of another scope or another one has its name, or when it has secrets and there are no keys; CORRUPT_STATE,
   * MIGRATION_FAILED, VALIDATION_FAILED when what is stored cannot be read; STORE_UNAVAILABLE, CLOSED.
   */
  async get<T>(definition: StateDefinition<T, S>): Promise<StateHandle<T>> {
    const cell = await this.#cellOf(definition);
    await this.#context.admitEdits?.(cell.entity, definition);
    if (isBehind(cell)) await loadCell(this.#context.store, cell);
    await keepAlive(this.#context, cell.entity);
    return new StateHandle<T>(this.#context, cell.entity, cell, definition);
  }

  /**
   * One version of a state without opening it: what CORRUPT_STATE names as the last good one can be read although the state cannot.
   * @throws {HoldfastError} NOT_FOUND when the version is not kept; CORRUPT_STATE when it is damaged itself.
   */
  async readVersion<T>(definition: StateDefinition<T, S>, version: number): Promise<T> {
    return await readVersion(this.#context, await this.#cellOf(definition), definition, version);
  }

  /**
   * Accepts an older version of a state whose newer ones are damaged: it becomes the next version, and the state can be used again. The damaged
   * records are not touched. Gives the state's handle.
   * @throws {HoldfastError} as of {@link readVersion} and {@link get}.
   */
  async acceptVersion<T>(definition: StateDefinition<T, S>, version: number): Promise<StateHandle<T>> {
    this.#context.assertWritable();
    const cell = await this.#cellOf(definition);
    await acceptVersion(this.#context, cell.entity, cell.state, version);
    cell.stale = true;
    return await this.get(definition);
  }

  /** Versions of states that a migration could not bring to their definition's version, with why and what was recorded, ordered by state. */
  async quarantined(): Promise<readonly QuarantinedState[]> {
    const { eid } = await this.#resolved();
    return eid === undefined ? [] : await quarantined(this.#context.store, eid);
  }

  /** Whether the entity is stored: something was committed to it and it was not deleted since. */
  async exists(): Promise<boolean> {
    this.#context.assertOpen();
    const found = await this.#context.store.entity(this.scope, this.id);
    return found !== undefined;
  }

  /** When the entity expires if it is not used, epoch ms; undefined when it does not, or is not stored. */
  async expiresAt(): Promise<number | undefined> {
    this.#context.assertOpen();
    return (await this.#context.store.entity(this.scope, this.id))?.expiresAt;
  }

  /**
   * Names the versions that the states have now. Costs a row.
   * @throws {HoldfastError} NOT_FOUND when nothing was committed yet; INVALID_ARGUMENT when the name is taken or an option does not fit; INVALID_ID.
   */
  async checkpoint(name: string, options: CheckpointOptions = {}): Promise<Checkpoint> {
    return await observed(
      diagnostics.checkpoint,
      async () => await putCheckpoint(this.#context, await this.#writable(), name, options),
      () => ({ store: this.#context.store.name, entities: [this.#address], checkpoint: name }),
    );
  }

  /** The entity's checkpoints, ordered by name: all, or those that the filter names. @throws {HoldfastError} NOT_FOUND when nothing was committed yet. */
  async checkpoints(filter: CheckpointFilter = {}): Promise<readonly Checkpoint[]> {
    return await listCheckpoints(this.#context, await this.#resolved(), filter);
  }

  /** Forgets a checkpoint. Versions that only it kept may be pruned from now on. @throws {HoldfastError} NOT_FOUND. */
  async removeCheckpoint(checkpoint: string | Checkpoint): Promise<void> {
    await removeCheckpoint(this.#context, await this.#writable(), typeof checkpoint === 'string' ? checkpoint : checkpoint.name);
  }

  /**
   * Brings the states back to a checkpoint by a new commit; nothing is erased. Gives the commit's place in the log, 0 when nothing differs.
   * @throws {HoldfastError} NOT_FOUND; RESTORE_REFUSED when a state changed since together with an effect or another entity, or holds secrets.
   */
  async restore(checkpoint: string | Checkpoint, options: RestoreOptions = {}): Promise<number> {
    const name = typeof checkpoint === 'string' ? checkpoint : checkpoint.name;
    return await observed(
      diagnostics.restore,
      async () => await restoreCheckpoint(this.#context, await this.#writable(), name, options),
      (seq = 0) => ({ store: this.#context.store.name, entities: [this.#address], checkpoint: name, seq }),
    );
  }

  /**
   * A copy of the entity as it is now, or was at a checkpoint, that goes on by itself: to try something, or to branch. Version numbers go on from
   * those of the original. Effects intended in a fork are not run but simulated, and its commits say so. Its secrets are null, or with
   * `{ secrets: 'copy' }` those of the original. Gives the fork.
   * @throws {HoldfastError} NOT_FOUND; INVALID_ID; INVALID_ARGUMENT when the id is taken; VALIDATION_FAILED when a state whose definition is in use here does
   * not accept null for its secrets.
   */
  async fork(
    options: { readonly id?: string; readonly checkpoint?: string | Checkpoint; readonly secrets?: 'copy' } = {},
  ): Promise<EntityHandle<S>> {
    const id = options.id ?? `${this.id.slice(0, 200)}~${randomUUID()}`;
    assertId('fork id', id);
    const source = await this.#writable();
    const fork = new EntityHandle(this.#context, this.#definitions, { scope: this.scope, id }, () => undefined);
    const { secrets } = options;
    const checkpoint = typeof options.checkpoint === 'object' ? options.checkpoint.name : options.checkpoint;
    const assertReadable = (bare: BareState): void => {
      const definition = this.#definitions.get(`${this.scope}/${bare.state}`);
      if (definition) assertReadableBare(this.#context, source, definition, bare);
    };
    await observed(
      diagnostics.fork,
      () => forkEntity(this.#context, source, fork.#cell(), { checkpoint, secrets, assertReadable }),
      () => ({ store: this.#context.store.name, entity: this.#address, fork: id, ...(checkpoint !== undefined && { checkpoint }) }),
    );
    return fork;
  }

  /** The forks that were made of this entity and exist, oldest first. @throws {HoldfastError} NOT_FOUND when nothing was committed yet. */
  async forks(): Promise<readonly Fork[]> {
    return await listForks(this.#context, await this.#resolved());
  }

  /**
   * The tree of forks that this entity is in, from its oldest ancestor that exists down. Costs a few reads for each entity in it.
   * @throws {HoldfastError} NOT_FOUND when nothing was committed yet.
   */
  async tree(): Promise<ForkTree> {
    return await forkTree(this.#context, await this.#resolved());
  }

  /**
   * What happened to the entity, oldest first: its commits and its checkpoints, up to the moment at which it is asked for. Commits of which retention keeps
   * no change any more are not in it. Costs what is kept of the entity.
   * @throws {HoldfastError} NOT_FOUND when nothing was committed yet; CORRUPT_STATE.
   */
  async *timeline(options: TimelineOptions = {}): AsyncGenerator<TimelineEntry, void, undefined> {
    yield* timelineOf(this.#context, await this.#resolved(), options);
  }

  /**
   * Brings what changed in a fork of this entity back, in one commit that schema and invariants are checked for. What only one side changed
   * since the fork is taken from it. Where both changed the same place differently nothing is written, unless `resolve` says for each such
   * place which value it shall have. States must be in use here: get them first.
   * @throws {HoldfastError} RESTORE_REFUSED when the fork simulated effects, since what they stand for did not happen; INVALID_ARGUMENT when it is
   * no fork of this entity or a state's definition is not in use; and as of `update`.
   */
  async merge(fork: EntityHandle<S>, options: MergeOptions = {}): Promise<MergeResult> {
    const definitionOf = (name: string): StateDefinition<unknown> | undefined => this.#definitions.get(`${this.scope}/${name}`);
    return await observed(
      diagnostics.merge,
      async () => await mergeFork(this.#context, await this.#writable(), await fork.#resolved(), definitionOf, options),
      (merged) => ({
        store: this.#context.store.name,
        entity: this.#address,
        fork: fork.id,
        seq: merged?.seq ?? 0,
        conflicts: (merged?.conflicts ?? []).map(({ state, path }) => ({ state, path })),
      }),
    );
  }

  /**
   * Takes a lease on the entity; see {@link LeaseOptions} for waiting.
   * @throws {HoldfastError} LEASE_HELD when another holder has it; INVALID_ID, INVALID_ARGUMENT.
   */
  async lease(name: string, options: LeaseOptions): Promise<Lease> {
    assertId('lease name', name);
    if (name.startsWith('$'))
      throw new HoldfastError('INVALID_ID', `A lease name must not start with '$': those are the engine's own.`, { what: 'lease name' });
    return await acquireLease(this.#context, await this.#writable(), name, options);
  }

  /** Who holds a lease now, in whichever process; undefined when nobody does. Tells what is going on; what protects the data is {@link lease}. */
  async leaseHolder(name: string): Promise<LeaseHolder | undefined> {
    const { eid } = await this.#resolved();
    return eid === undefined ? undefined : await findLeaseHolder(this.#context, eid, name);
  }

  /** An effect that a commit on this entity has intended. */
  effect<Input, Output>(effect: EffectDefinition<Input, Output>, key: string): EffectHandle<Input, Output> {
    return new EffectHandle(this.#context, this.#cell(), effect, key);
  }

  /** Effects of the entity whose outcome is not known yet, those too whose definition this manager was not given; ordered by name. Empty for none. */
  async unsettledEffects(): Promise<readonly UnsettledEffect[]> {
    return await unsettledEffects(this.#context, await this.#resolved());
  }

  /** Asks now what became of the entity's unsettled effects, without waiting for their turn. Resolves when each was asked once. */
  async reconcile(): Promise<void> {
    await this.#context.reconcile(await this.#writable());
  }

  /**
   * Deletes the entity with its states, history and ledger; handles of it answer NOT_FOUND from now on.
   * @throws {HoldfastError} NOT_FOUND when there is no such entity; EFFECT_UNKNOWN while an effect of it is not settled, since nobody would find
   * out what became of it. `{ unsettled: 'abandon' }` deletes all the same.
   */
  async delete(options: DeleteOptions = {}): Promise<void> {
    const entity = await this.#writable();
    if (entity.eid === undefined) throw new HoldfastError('NOT_FOUND', `There is no ${entity.name} to delete.`, { what: entity.name });
    await deleteEntity(this.#context, entity, entity.eid, options);
    await this.#context.retireKey(entity.subject ?? entity.name);
  }

  /**
   * Deletes the entity with all that belong to it and to those, the deepest first. What it was interrupted in, by a crash or an unsettled effect, it goes on
   * with when it is called again. Costs what is deleted. Errors as of {@link delete}, which says too what is deleted of each.
   */
  async end(options: DeleteOptions = {}): Promise<void> {
    await this.#writable();
    const stored = await this.#context.store.entity(this.scope, this.id);
    if (!stored) throw new HoldfastError('NOT_FOUND', `There is no ${this.#cell().name} to end.`, { what: this.#cell().name });
    await endEntity(this.#context, stored, options);
  }

  /** The entity that this one belongs to; undefined when it belongs to none, or that one was deleted. */
  async parent(): Promise<EntityHandle | undefined> {
    const parent = await this.#context.registry.parentOf(await this.#resolved());
    if (!parent) return undefined;
    return new EntityHandle(this.#context, this.#definitions, { scope: parent.scope, id: parent.id }, () => undefined);
  }

  /** Entities that belong to this one, forks among them, ordered by scope and id; their own children are not among them. Costs what it gives. */
  async children(options: ChildrenOptions = {}): Promise<readonly ListedEntity[]> {
    const { eid } = await this.#resolved();
    return eid === undefined ? [] : await listEntities(this.#context.store, { ...options, parent: eid });
  }

  /**
   * What is at a path of the state of that name, of this entity or else of its parents, one after the other, `global` last: the first that has something
   * there answers. Null is an answer, a state that was never written has none, and nothing is merged. Undefined when nobody answers. In the definition's
   * shape where one is in use here, else as it was recorded. Reads each state once; `['prices', 'beer']` is a path.
   * @throws {HoldfastError} NOT_FOUND when this entity was deleted meanwhile; CORRUPT_STATE, MIGRATION_FAILED, VALIDATION_FAILED when a state that is asked
   * cannot be read.
   */
  async resolve(state: string, path: readonly (string | number)[]): Promise<unknown> {
    return (await this.explain(state, path)).value;
  }

  /** As {@link resolve}, and says who was asked, who answered, and why the others did not. */
  async explain(state: string, path: readonly (string | number)[]): Promise<Resolution> {
    const definitionOf = (scope: string, name: string): StateDefinition<unknown> | undefined => this.#definitions.get(`${scope}/${name}`);
    return await resolveUpwards(this.#context, await this.#resolved(), { state, path, definitionOf });
  }

  /** How much the entity has stored. Costs a walk over its records. @throws {HoldfastError} NOT_FOUND when nothing was committed yet. */
  async du(): Promise<Usage> {
    const { eid, name } = await this.#resolved();
    if (eid === undefined) throw new HoldfastError('NOT_FOUND', `There is no ${name} to measure.`, { what: name });
    return usageOf(await this.#context.store.usage(eid));
  }

  get #address(): EntityAddress {
    return { scope: this.scope, id: this.id };
  }

  /** @internal The entity as its children are made under it, in the manager of this context. */
  cellIn(context: EngineContext): EntityCell {
    return context === this.#context ? this.#cell() : context.registry.at(this.scope, this.id);
  }

  /** The cell in use now: after a deletion it is another one, so handles do not keep it. */
  #cell(): EntityCell {
    const cell = this.#context.registry.at(this.scope, this.id);
    this.#prepare(cell);
    return cell;
  }

  async #cellOf<T>(definition: StateDefinition<T, S>): Promise<StateCell> {
    this.#context.assertOpen();
    this.#register(definition);
    if (definition.secrets.length > 0) this.#context.keys.assertProvider();
    const entity = await this.#resolved();
    return entity.cell(definition.name, definitionReader(definition, entity, this.#context.keys));
  }

  /** The cell for what is going to write. */
  async #writable(): Promise<EntityCell> {
    this.#context.assertWritable();
    return await this.#resolved();
  }

  async #resolved(): Promise<EntityCell> {
    this.#context.assertOpen();
    const cell = this.#cell();
    await this.#context.registry.resolve(cell);
    return cell;
  }

  #register(definition: StateDefinition<unknown>): void {
    if (definition.scope !== this.scope) {
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `State ${definition.name} belongs to the scope ${definition.scope}, not to ${this.scope}.`,
        { argument: 'definition' },
      );
    }
    const slot = `${definition.scope}/${definition.name}`;
    const known = this.#definitions.get(slot);
    if (known && known !== definition) {
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `Two definitions are called ${definition.name} in the scope ${definition.scope}; share one, or rename one.`,
        { argument: 'definition' },
      );
    }
    this.#definitions.set(slot, definition);
  }
}
