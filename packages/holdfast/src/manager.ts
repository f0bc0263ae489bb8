import { UnmetRequirement, writeRecords, type EntityCell } from './commit/index.ts';
import type { Draft } from './cow/index.ts';
import type { EffectRunner } from './effect/index.ts';
import { wireEngine, type Engine } from './engine.ts';
import { EntityHandle } from './entity-handle.ts';
import { HoldfastError, isHoldfastError } from './errors/index.ts';
import { changeFeed, diagnostics, observed, type ChangesOptions, type CommitEvent } from './event/index.ts';
import {
  assertAutoCheckpoint,
  commonAncestor,
  putSharedCheckpoint,
  restoreShared,
  usageOf,
  type CheckpointOptions,
  type CommonAncestor,
  type RestoreOptions,
  type SharedCheckpoint,
  type SharedCheckpointRef,
  type Usage,
} from './history/index.ts';
import { listEntities, type ListedEntity, type ListOptions } from './list-entities.ts';
import type { EntityOptions, OpenOptions } from './manager-options.ts';
import { assertId, GLOBAL_ID, type EntityAddress, type Scope } from './scope/index.ts';
import { assertSweepInterval } from './session/index.ts';
import { SUBJECT_SCOPE, type KeyRotation } from './secret/index.ts';
import {
  eraseSubject,
  exportSubject,
  migrateStore,
  runRecipe,
  type CommitOptions,
  type CommitResult,
  type EngineContext,
  type ErasureReceipt,
  type ExportedEntity,
  type MigrationOptions,
  type MigrationReport,
  type StateDefinition,
  type StateHandle,
  type SyncResult,
  type Transaction,
} from './state/index.ts';

type StatesOf<Handles extends readonly StateHandle<unknown>[]> = {
  [Key in keyof Handles]: Handles[Key] extends StateHandle<infer T> ? Draft<T> : never;
};

/** The states of one store, open in this process. */
export class StateManager {
  readonly #engine: Engine;
  readonly #context: EngineContext;
  readonly #runner: EffectRunner;
  readonly #definitions = new Map<string, StateDefinition<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(options: OpenOptions, seq: number) {
    this.#engine = wireEngine(options, seq);
    this.#context = this.#engine.context;
    this.#runner = this.#engine.runner;
    if (this.#context.readOnly) return;
    this.#runner.start();
    this.#engine.sweeper.start(options.sweepEveryMs ?? 60_000);
  }

  /**
   * Opens a store.
   * @throws {HoldfastError} NEWER_VERSION, CORRUPT_STATE, STORE_UNAVAILABLE: what is there stays as it is. NOT_FOUND when it is to be read only and is not there.
   * INVALID_ARGUMENT for two effects of one name, an `effectRetentionMs` that is not above 0, or a `sweepEveryMs` below 0.
   */
  static async open(options: OpenOptions): Promise<StateManager> {
    const names = (options.effects ?? []).map(({ name }) => name);
    const doubled = names.find((name, index) => names.indexOf(name) !== index);
    if (doubled !== undefined) throw new HoldfastError('INVALID_ARGUMENT', `Two effects are called ${doubled}.`, { argument: 'effects' });
    if (!((options.effectRetentionMs ?? 1) > 0))
      throw new HoldfastError('INVALID_ARGUMENT', `effectRetentionMs must be a positive number, not ${options.effectRetentionMs}.`, {
        argument: 'effectRetentionMs',
      });
    assertSweepInterval(options.sweepEveryMs ?? 0);
    const { seq } = await options.store.open({ readOnly: options.readOnly ?? false });
    return new StateManager(options, seq);
  }

  global(): EntityHandle<'global'> {
    return this.#entity('global', GLOBAL_ID, {});
  }

  team(id: string, options: EntityOptions = {}): EntityHandle<'team'> {
    return this.#entity('team', id, options);
  }

  workflow(id: string, options: EntityOptions = {}): EntityHandle<'workflow'> {
    return this.#entity('workflow', id, options);
  }

  conversation(id: string, options: EntityOptions = {}): EntityHandle<'conversation'> {
    return this.#entity('conversation', id, options);
  }

  /**
   * Changes several states at once, of one or more entities: all or nothing. Every state given is version-checked, also one that the recipe
   * only reads. `expectedVersion`, `idempotency` and intended effects go by the first state. Errors as of `StateHandle.update`.
   */
  transaction<const Handles extends readonly StateHandle<unknown>[], R>(
    states: Handles,
    recipe: (drafts: StatesOf<Handles>, tx: Transaction) => SyncResult<R>,
    options: CommitOptions = {},
  ): Promise<CommitResult<R>> {
    const run = recipe as (drafts: StatesOf<Handles>, tx: Transaction) => R;
    return runRecipe(
      this.#context,
      states.map(({ participant }) => participant),
      (drafts, tx) => run(drafts as unknown as StatesOf<Handles>, tx),
      options,
    );
  }

  /**
   * Every commit that passes the filter, in order, of all processes; waits for more until it is left, its signal aborts or the manager
   * closes. Pulled from the log, so a slow reader costs nobody anything and misses nothing that is kept: what retention has deleted before it was read is
   * made up for by one `reset` for each state, the whole value at the oldest version whose change is kept, in the place of that change.
   */
  changes(options: ChangesOptions = {}): AsyncGenerator<CommitEvent, void, undefined> {
    this.#context.assertOpen();
    // Decided now, not when the feed is first pulled.
    const since = options.since ?? this.#context.follower.seq;
    return changeFeed(this.#engine.feedSource, { ...options, since });
  }

  /**
   * Names the versions that the states of several entities have now, all at the same moment: one checkpoint on each of them. Each has it among its own, where
   * it is removed; from then on it cannot be restored as a whole.
   * @throws {HoldfastError} NOT_FOUND when one of them does not exist; INVALID_ARGUMENT when one has a checkpoint of that name, or an option or the number
   * of entities (up to 64) does not fit; INVALID_ID.
   */
  async checkpoint(name: string, entities: readonly EntityAddress[], options: CheckpointOptions = {}): Promise<SharedCheckpoint> {
    this.#context.assertWritable();
    return await observed(
      diagnostics.checkpoint,
      () => putSharedCheckpoint(this.#context, name, entities, options),
      () => ({ store: this.#context.store.name, entities: entities.map(({ scope, id }) => ({ scope, id })), checkpoint: name }),
    );
  }

  /**
   * Brings all entities of a checkpoint that was put on several of them back in one commit. States that changed together with one another, all of these
   * entities, are rewound together. Gives the commit's place in the log, 0 when nothing differs.
   * @throws {HoldfastError} NOT_FOUND when an entity or its checkpoint is gone; RESTORE_REFUSED when a state changed since together with an effect or an
   * entity outside of the checkpoint, when it is not known any more with what, or when it holds secrets; INVALID_ARGUMENT for a checkpoint of one entity.
   */
  async restore(checkpoint: SharedCheckpointRef, options: RestoreOptions = {}): Promise<number> {
    this.#context.assertWritable();
    const entities = (checkpoint.members ?? []).map(({ scope, id }) => ({ scope, id }));
    return await observed(
      diagnostics.restore,
      () => restoreShared(this.#context, checkpoint, options),
      (seq = 0) => ({ store: this.#context.store.name, entities, checkpoint: checkpoint.name, seq }),
    );
  }

  /**
   * The entity that two others come from, or one from the other, with the versions at which their histories part; undefined when they have none in common.
   * @throws {HoldfastError} NOT_FOUND when one of them does not exist.
   */
  async commonAncestor(a: EntityAddress, b: EntityAddress): Promise<CommonAncestor | undefined> {
    this.#context.assertOpen();
    const { registry } = this.#context;
    return await commonAncestor(this.#context, registry.at(a.scope, a.id), registry.at(b.scope, b.id));
  }

  /** Entities of a scope, ordered by id. */
  async list({ after, ...options }: ListOptions): Promise<readonly ListedEntity[]> {
    this.#context.assertOpen();
    return await listEntities(this.#context.store, {
      ...options,
      ...(after !== undefined && { after: { scope: options.scope, id: after } }),
    });
  }

  /**
   * Deletes up to `limit` (default 100) entities that expired and that no live lease or unsettled effect holds; gives what it deleted. Done in the
   * background too: call it where you want to know.
   */
  async sweep(options: { readonly limit?: number } = {}): Promise<readonly EntityAddress[]> {
    this.#context.assertWritable();
    const { entities } = await this.#engine.sweeper.sweep(options.limit ?? 100);
    return entities;
  }

  /** Asks now what became of every unsettled effect, without waiting for its turn. Resolves when each was asked once. */
  async reconcile(): Promise<void> {
    this.#context.assertWritable();
    await this.#context.reconcile();
  }

  /** How much is stored in all. Costs a walk over every record; on SQLite this process does nothing else meanwhile, about two seconds for a million of them. */
  async du(): Promise<Usage> {
    this.#context.assertOpen();
    return usageOf(await this.#context.store.usage());
  }

  /** Writes a consistent copy of the store to a path that does not exist yet. @throws {HoldfastError} INVALID_ARGUMENT when the store cannot. */
  async backup(path: string): Promise<void> {
    this.#context.assertOpen();
    const { store } = this.#context;
    if (!store.backup) throw new HoldfastError('INVALID_ARGUMENT', `${store.name} cannot be backed up into a file.`, { argument: 'store' });
    await store.backup(path);
  }

  /**
   * Wraps every subject's data key with the current master key, while this and other processes go on; the secrets themselves stay as they are. An older
   * master key is not needed any more once it left nothing `unreadable`; backups made before still need it.
   * @throws {HoldfastError} INVALID_ARGUMENT when there are no keys.
   */
  async rotateKeys(): Promise<KeyRotation> {
    this.#context.assertWritable();
    const { keys, queue, registry } = this.#context;
    return await keys.rotate(async (subject, parts) => {
      try {
        await writeRecords(queue, registry.at(SUBJECT_SCOPE as Scope, subject), () => parts);
      } catch (error) {
        // The subject was erased meanwhile.
        if (!(error instanceof UnmetRequirement) && !isHoldfastError(error, 'NOT_FOUND')) throw error;
      }
    });
  }

  /**
   * Deletes all entities of a subject, forks among them, with their history, checkpoints and ledger, destroys the subject's data key, and takes what was
   * deleted out of the store's files. Gives the receipt that stays. May be repeated. Costs what is deleted. What the log says of who did what
   * and why, and ids, stays: keep personal data out of those.
   * @throws {HoldfastError} EFFECT_UNKNOWN while an effect of an entity is not settled, unless with `{ unsettled: 'abandon' }`: what was not erased by then
   * is still there. INVALID_ARGUMENT for the global entity; STORE_UNAVAILABLE when it is erased, but readers of other processes keep its bytes in the files.
   */
  async erase(subject: string, options: { readonly unsettled?: 'abandon' } = {}): Promise<ErasureReceipt> {
    this.#context.assertWritable();
    assertId('subject', subject);
    const receipt = await eraseSubject(this.#context, subject, options);
    const { store } = this.#context;
    if ((await store.scrub?.()) === false) {
      const message = `All of the subject is erased, but others that read ${store.name} keep its bytes in the write-ahead log; erase again when they are done.`;
      throw new HoldfastError('STORE_UNAVAILABLE', message, { store: store.name, outcome: 'unknown' });
    }
    return receipt;
  }

  /** Everything that is kept of a subject now, entity by entity, for the subject to have: history and secrets are not in it. */
  export(subject: string): AsyncGenerator<ExportedEntity, void, undefined> {
    this.#context.assertOpen();
    assertId('subject', subject);
    return exportSubject(this.#context.store, subject);
  }

  /**
   * Brings every state of the store that is in an older version of its definition to the newest one, while this and other processes go on: each as a
   * commit of its own, flagged `migration`, that does not move its entity's expiry. Older versions that checkpoints hold and forks began with are read
   * and reported, since history is not rewritten. What cannot be migrated stays as it is, is reported and copied into quarantine. With `dryRun` nothing
   * is written. May be repeated. Costs a read of every state that has a definition, and of the names of all others.
   * @throws {HoldfastError} INVALID_ARGUMENT for two definitions of one name, or for secrets without keys; STORE_UNAVAILABLE, STORE_FULL, CLOSED;
   * CORRUPT_STATE when the store cannot list an entity or its states. What was migrated by then stays, also when the signal aborts.
   */
  async migrate(options: MigrationOptions): Promise<MigrationReport> {
    return await migrateStore(this.#context, options);
  }

  /** Resolves when every commit asked for so far is settled with the automatic checkpoints that it made due, and in its file where the store has files. @throws {HoldfastError} STORE_FULL, STORE_UNAVAILABLE when one cannot be. */
  async flush(): Promise<void> {
    await this.#engine.flush();
  }

  /** Lets effects under way end, settles every commit asked for, ends feeds and closes the store. Twice is the same as once. */
  close(): Promise<void> {
    this.#closing ??= this.#engine.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #entity<S extends Scope>(scope: S, id: string, { parent, expiresAfterMs, subject, checkpoints }: EntityOptions): EntityHandle<S> {
    this.#context.assertOpen();
    assertId(`${scope} id`, id);
    if (expiresAfterMs !== undefined && !(expiresAfterMs > 0)) {
      throw new HoldfastError('INVALID_ARGUMENT', `expiresAfterMs must be a positive number, not ${expiresAfterMs}.`, {
        argument: 'expiresAfterMs',
      });
    }
    if (subject !== undefined) assertId('subject', subject);
    if (checkpoints) assertAutoCheckpoint(checkpoints);
    const prepare = (cell: EntityCell): void => {
      if (checkpoints && !this.#context.readOnly) this.#engine.autoCheckpoints.watch(cell, checkpoints);
      if (cell.eid !== undefined) return;
      if (expiresAfterMs !== undefined) cell.ttlMs = expiresAfterMs;
      if (subject !== undefined) cell.subject = subject;
      if (parent) cell.parent = parentCell(cell, parent.cellIn(this.#context));
    };
    return new EntityHandle(this.#context, this.#definitions, { scope, id }, prepare);
  }
}

/** @throws {HoldfastError} INVALID_ARGUMENT for an entity that would belong to itself. */
function parentCell(entity: EntityCell, parent: EntityCell): EntityCell {
  for (let above: EntityCell | undefined = parent; above; above = above.parent) {
    if (above === entity)
      throw new HoldfastError('INVALID_ARGUMENT', `${entity.name} cannot belong to ${parent.name}, which belongs to it.`, {
        argument: 'parent',
      });
  }
  return parent;
}
