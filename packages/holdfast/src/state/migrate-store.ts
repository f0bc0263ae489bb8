import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { EntityCell, UnmetRequirement } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { checkpointItems, toCheckpoint } from '../history/index.ts';
import { SCOPES, type Scope } from '../scope/index.ts';
import type { EntityRecord } from '../store/index.ts';
import type { StateDefinition } from './definition.ts';
import type { EngineContext } from './engine-context.ts';
import { lookAtVersion, unusable, type LookedAt, type MigrationTarget } from './look-at-version.ts';
import { MigrationTally, type MigrationProgress, type MigrationReport, type UnusableReason } from './migration-report.ts';
import { quarantineKeys } from './quarantine.ts';
import { writeMigration } from './write-migration.ts';

const PAGE = 100;
/** So much is on its way to the store at once; the queue mixes it with what other callers write. */
const MAX_WRITES = 32;
const MAX_CHARACTERS = 1_048_576;

export interface MigrationOptions {
  /** Every definition of the store, in its newest version; states of other names are only counted. */
  readonly definitions: readonly StateDefinition<unknown>[];
  /** Does everything but write. Default false. */
  readonly dryRun?: boolean;
  /** Ends the migration between two states; what was written by then stays. */
  readonly signal?: AbortSignal;
  /** Called after every 100 entities, and at the end. */
  readonly onProgress?: (progress: MigrationProgress) => void;
}

/** Versions that something needs besides the head, by state. */
type Pins = ReadonlyMap<string, ReadonlyMap<number, Pin>>;
interface Pin {
  readonly checkpoints: string[];
  isForkBase: boolean;
}
const NOT_PINNED: Pin = { checkpoints: [], isForkBase: false };

/** Brings every state of the store to its definition's version. @throws {HoldfastError} INVALID_ARGUMENT for two definitions of one name, secrets without keys, or a store that is open for reading only. */
export async function migrateStore(context: EngineContext, options: MigrationOptions): Promise<MigrationReport> {
  if (options.dryRun) context.assertOpen();
  else context.assertWritable();
  return await new StoreMigration(context, options).run();
}

class StoreMigration {
  readonly #context: EngineContext;
  readonly #options: MigrationOptions;
  readonly #definitions = new Map<string, StateDefinition<unknown>>();
  readonly #tally: MigrationTally;
  #writes: Promise<void>[] = [];
  #characters = 0;
  #failed: { readonly error: unknown } | undefined;

  constructor(context: EngineContext, options: MigrationOptions) {
    this.#context = context;
    this.#options = options;
    for (const definition of options.definitions) {
      const slot = `${definition.scope}/${definition.name}`;
      if (this.#definitions.has(slot)) {
        throw new HoldfastError('INVALID_ARGUMENT', `Two definitions are called ${definition.name} in the scope ${definition.scope}.`, {
          argument: 'definitions',
        });
      }
      if (definition.secrets.length > 0) context.keys.assertProvider();
      this.#definitions.set(slot, definition);
    }
    this.#tally = new MigrationTally(options.definitions);
  }

  async run(): Promise<MigrationReport> {
    try {
      for (const scope of SCOPES) await this.#walk(scope);
    } finally {
      await this.#drain();
    }
    if (this.#failed) throw this.#failed.error;
    this.#options.onProgress?.(this.#tally.progress());
    return this.#tally.report(this.#options.dryRun ?? false);
  }

  async #walk(scope: Scope): Promise<void> {
    for (let after: EntityRecord | undefined; ;) {
      const page: readonly EntityRecord[] = await this.#context.store.entities({ scope }, after, PAGE);
      for (const record of page) await this.#visit(scope, record);
      after = page.at(-1);
      if (page.length < PAGE) return;
      this.#options.onProgress?.(this.#tally.progress());
    }
  }

  async #visit(scope: Scope, record: EntityRecord): Promise<void> {
    await this.#mayGoOn();
    const { store } = this.#context;
    const { eid } = record;
    this.#tally.entities += 1;
    // A cell of its own: going over the store pushes nothing out of memory that is in use.
    const entity = new EntityCell(scope, record.id);
    entity.bind(record);
    const states: { readonly target: MigrationTarget; readonly version: number }[] = [];
    for (const { state, version } of await store.heads(eid)) {
      const definition = this.#definitions.get(`${scope}/${state}`);
      if (definition) states.push({ target: { definition, entity, eid }, version });
      else this.#tally.unknown(scope, state);
    }
    if (states.length === 0) return;
    const pins = await this.#pins(record);
    const aside = this.#options.dryRun ? [] : await quarantineKeys(store, eid);
    for (const { target, version } of states) {
      const pinned = pins.get(target.definition.name) ?? new Map<number, Pin>();
      await this.#head(target, version, pinned.get(version) ?? NOT_PINNED, aside);
      for (const [at, pin] of pinned) if (at !== version) await this.#pinned(target, at, pin);
    }
  }

  async #pins({ eid, origin }: EntityRecord): Promise<Pins> {
    const pins = new Map<string, Map<number, Pin>>();
    const pin = (state: string, version: number): Pin => {
      const versions = pins.get(state) ?? new Map<number, Pin>();
      pins.set(state, versions);
      const known = versions.get(version) ?? { checkpoints: [], isForkBase: false };
      versions.set(version, known);
      return known;
    };
    for (const { name, versions } of (await checkpointItems(this.#context.store, eid)).map(toCheckpoint))
      for (const [state, version] of Object.entries(versions)) pin(state, version).checkpoints.push(name);
    for (const [state, version] of Object.entries(origin?.versions ?? {})) pin(state, version + 1).isForkBase = true;
    return pins;
  }

  async #head(target: MigrationTarget, version: number, pin: Pin, aside: readonly string[]): Promise<void> {
    await this.#mayGoOn();
    const found = await lookAtVersion(this.#context, target, version);
    if (!found) return;
    if (this.#options.dryRun) {
      this.#count(target, found, pin);
      return;
    }
    const work = this.#settle(target, found, pin, aside).catch((error: unknown) => {
      this.#failed ??= { error };
    });
    this.#writes.push(work);
    this.#characters += found.kind === 'older' ? found.characters : 0;
    if (this.#writes.length >= MAX_WRITES || this.#characters >= MAX_CHARACTERS) await this.#drain();
  }

  async #pinned(target: MigrationTarget, version: number, pin: Pin): Promise<void> {
    await this.#mayGoOn();
    const found = await lookAtVersion(this.#context, target, version);
    // A fork may be older than what is kept.
    if (!found) return;
    this.#tally.count(target.definition, 'pinned');
    if (found.kind !== 'failed') return;
    this.#tally.count(target.definition, 'failedPinned');
    this.#fail(target, version, found.reason, pin);
  }

  /** Writes what was found, and looks again when somebody else was first. */
  async #settle(target: MigrationTarget, first: LookedAt, pin: Pin, aside: readonly string[]): Promise<void> {
    const deadline = this.#context.now() + this.#context.retryForMs;
    for (let found: LookedAt | undefined = first; found;) {
      try {
        await writeMigration(this.#context, target, found, aside);
        this.#count(target, found, found.version === first.version ? pin : NOT_PINNED);
        return;
      } catch (error) {
        if (isHoldfastError(error, 'NOT_FOUND')) return;
        const isOvertaken = isHoldfastError(error, 'CONCURRENT_MODIFICATION') || error instanceof UnmetRequirement;
        if (!isOvertaken || this.#context.now() >= deadline) {
          const reason = unusable(error);
          if (!reason) throw error;
          this.#count(target, { kind: 'failed', version: found.version, reason, loaded: undefined }, pin);
          return;
        }
        // The data key is no longer the one that the secrets were sealed with.
        if (error instanceof UnmetRequirement) this.#context.keys.forget(error.requirement.eid);
      }
      found = await this.#lookAgain(target);
    }
  }

  async #lookAgain(target: MigrationTarget): Promise<LookedAt | undefined> {
    const heads = await this.#context.store.heads(target.eid);
    const head = heads.find(({ state }) => state === target.definition.name);
    return head && (await lookAtVersion(this.#context, target, head.version));
  }

  #count(target: MigrationTarget, found: LookedAt, pin: Pin): void {
    this.#tally.count(target.definition, found.kind === 'older' ? 'migrated' : found.kind);
    if (found.kind === 'failed') this.#fail(target, found.version, found.reason, pin);
  }

  #fail({ definition, entity: { scope, id } }: MigrationTarget, version: number, reason: UnusableReason, pin: Pin): void {
    this.#tally.fail({ entity: { scope, id }, state: definition.name, version, ...pin, ...reason });
  }

  /** Between two states: others run, and what went wrong or was asked for meanwhile ends the walk. */
  async #mayGoOn(): Promise<void> {
    await nextLoopTurn();
    this.#options.signal?.throwIfAborted();
    this.#context.assertOpen();
    if (this.#failed) throw this.#failed.error;
  }

  async #drain(): Promise<void> {
    const writes = this.#writes;
    this.#writes = [];
    this.#characters = 0;
    await Promise.all(writes);
  }
}
