import { AsyncResource } from 'node:async_hooks';
import { entitiesOf, type BatchView, type EntityCell, type Job, type Plan, type StateCell } from '../commit/index.ts';
import { detach, isSameJson, openDraft } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { activeTrace, diagnostics } from '../event/index.ts';
import { assertId } from '../scope/index.ts';
import { COLLECTION, leavesTrace, type CommitMeta, type ItemRecord, type Refusal, type Requirement } from '../store/index.ts';
import type { CommitOptions, CommitResult, StateVersion } from './commit-options.ts';
import { canonicalHash, effectRefusal, ledgerKey, recordEffect, type EffectKind, type RecordedEffect } from './effect-intent.ts';
import type { EngineContext } from './engine-context.ts';
import { formCommit, type AttachedRecords } from './form-commit.ts';
import { accepted, assertInvariants, type Outcome, type Participant } from './recipe-outcome.ts';

/** What a recipe can do besides changing its drafts. */
export interface Transaction {
  /** Epoch ms; the same for the whole recipe. */
  readonly now: number;
  /**
   * Intends an effect: it is recorded with this commit, on the first state's entity, and runs once the commit is as durable as it asks.
   * A key that is in the ledger with the same input is not run a second time. Another unsettled effect of the name is EFFECT_UNKNOWN.
   */
  effect<Input>(effect: EffectKind<Input>, intent: { readonly key: string; readonly input: Input }): void;
}

export interface RecipeJobOptions<R> {
  readonly context: EngineContext;
  readonly participants: readonly [Participant, ...Participant[]];
  /** States that invariants read besides: version-checked, but not given to the recipe. */
  readonly witnesses: readonly Participant[];
  readonly recipe: (drafts: readonly unknown[], tx: Transaction) => R;
  /** Replaces the first state instead of drafting it. */
  readonly replacement: { readonly value: unknown } | undefined;
  readonly options: CommitOptions;
  readonly attached: AttachedRecords | undefined;
  readonly leaseEntity: EntityCell | undefined;
  readonly settle: { readonly resolve: (result: CommitResult<R>) => void; readonly reject: (error: unknown) => void };
}

/** A recipe on one or more states, as a job of the queue. */
export class RecipeJob<R> implements Job {
  readonly entities: readonly EntityCell[];
  readonly cells: readonly StateCell[];
  readonly idempotency: Job['idempotency'];
  readonly signal: AbortSignal | undefined;
  readonly deadline: number;
  readonly origin: CommitMeta;
  readonly #job: RecipeJobOptions<R>;
  readonly #first: Participant;
  readonly #inputHash: string;
  /** The async context of the caller: what runs in a batch with others finds its own session and span there. */
  readonly #scope = new AsyncResource('holdfast.recipe');
  /** Effects found in the ledger with the same input: they are not intended again. */
  readonly #known = new Set<string>();
  /** Of the commit as it was formed last. */
  #intended: readonly RecordedEffect[] = [];
  #versions: readonly StateVersion[] = [];

  constructor(job: RecipeJobOptions<R>) {
    const { options, participants, witnesses, leaseEntity, context } = job;
    this.#job = job;
    this.#first = participants[0];
    this.cells = [...participants, ...witnesses].map(({ cell }) => cell);
    const entities = entitiesOf(this.cells);
    this.entities = leaseEntity && !entities.includes(leaseEntity) ? [...entities, leaseEntity] : entities;
    const { idempotency } = options;
    if (idempotency) assertId('idempotency key', idempotency.key);
    this.idempotency = idempotency && { entity: this.#first.cell.entity, key: idempotency.key };
    this.#inputHash = idempotency?.input === undefined ? '' : canonicalHash(idempotency.input);
    this.signal = options.signal;
    this.origin = originOf(options);
    this.deadline = context.now() + (options.retryForMs ?? context.retryForMs);
  }

  prepare(): Promise<void> | undefined {
    const withSecrets = this.#job.participants.some(({ cell }) => cell.reader.secrets);
    return withSecrets ? readyInTurn(this.#job.participants) : undefined;
  }

  form(view: BatchView): Plan {
    const { context, options, attached, witnesses } = this.#job;
    const now = context.now();
    this.#assertExpected(view);
    const effects: RecordedEffect[] = [];
    const { outcomes: made, value } = this.#run(view, { now, effect: (kind, intent) => void effects.push(this.#intend(kind, intent)) });
    const outcomes = made.map(accepted) as [Outcome, ...Outcome[]];
    assertInvariants(context.invariants, outcomes, witnesses, view);
    const intended = effects.filter(({ name, key }) => !this.#known.has(ledgerKey(name, key)));
    const lease = this.#leaseRequirement(view);
    const inputHash = this.#inputHash;
    const { commit, next, versions } = formCommit({
      view,
      cells: this.cells,
      outcomes,
      value,
      intended,
      lease,
      attached,
      options,
      origin: this.origin,
      inputHash,
      now,
    });
    this.#intended = intended;
    this.#versions = versions;
    return { commit, next, value };
  }

  done({ commit, value }: Plan, seq: number): void {
    const { context, settle } = this.#job;
    if (this.#intended.length > 0 && leavesTrace(commit))
      this.#scope.runInAsyncScope(() => context.effectsIntended(this.#first.cell.entity, this.#intended));
    settle.resolve({ value: value as R, versions: this.#versions, replayed: false, seq });
  }

  failed(error: unknown): void {
    this.#job.settle.reject(error);
  }

  replay(item: ItemRecord): void {
    const { key = '', entity } = { key: this.idempotency?.key, entity: this.#first.cell.entity.name };
    const { inputHash, body } = JSON.parse(item.body) as { inputHash: string; body: string };
    if (inputHash !== this.#inputHash) {
      throw new HoldfastError(
        'IDEMPOTENCY_MISMATCH',
        `The idempotency key ${key} was used on ${entity} with another input; use a new key for a new request.`,
        { entity, key },
      );
    }
    const { value, versions } = JSON.parse(body) as { value?: R; versions: readonly StateVersion[] };
    this.#job.settle.resolve({ value: value as R, versions, replayed: true, seq: item.rev });
  }

  unmet({ index, found }: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): HoldfastError | 'retry' {
    const requirement = plan.commit.requires[index] as Requirement;
    const { attached, options, context } = this.#job;
    const { collection, key, eid } = requirement;
    const entity = this.#first.cell.entity.name;
    if (attached?.requires.some((each) => each.collection === collection && each.key === key)) return attached.unmet();
    if (collection === COLLECTION.lease) {
      const lease = options.lease?.name ?? key;
      if (diagnostics.lease.hasSubscribers) {
        const { scope, id } = options.lease?.entity ?? this.#first.cell.entity;
        diagnostics.lease.publish({ store: context.store.name, entity: { scope, id }, lease, step: 'stale' });
      }
      const advice = 'expired or passed to another holder; acquire it anew and look at the state first';
      return new HoldfastError('STALE_LEASE', `The lease ${lease} of ${entity} ${advice}.`, { entity, lease });
    }
    if (collection === COLLECTION.secretKey) {
      context.keys.forget(eid);
      return 'retry';
    }
    const refusal = found && effectRefusal(entity, this.#intended, requirement, found);
    if (!refusal) this.#known.add(key);
    return refusal ?? 'retry';
  }

  #assertExpected(view: BatchView): void {
    const { cell, definition } = this.#first;
    const { expectedVersion } = this.#job.options;
    const { version } = view.snapshot(cell);
    if (expectedVersion !== undefined && expectedVersion !== version) {
      throw new HoldfastError(
        'CONCURRENT_MODIFICATION',
        `${definition.name} of ${cell.entity.name} is at version ${version}, not ${expectedVersion}; read it again and decide anew.`,
        { entity: cell.entity.name, state: cell.state, expectedVersion, actualVersion: version },
      );
    }
  }

  #intend<Input>(kind: EffectKind<Input>, intent: { readonly key: string; readonly input: Input }): RecordedEffect {
    if (!this.#job.context.hasEffect(kind)) {
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `Effect ${kind.name} was not given to StateManager.open({ effects }), so nobody would run it.`,
        { argument: 'effects' },
      );
    }
    const { name, origin } = this.#first.cell.entity;
    if (origin && !kind.simulate) {
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `${name} is a fork, in which effects are only simulated, and effect ${kind.name} has no simulate.`,
        { argument: 'simulate' },
      );
    }
    return recordEffect(name, kind, intent.key, intent.input);
  }

  #run(view: BatchView, tx: Transaction): { outcomes: Outcome[]; value: R } {
    const { participants, replacement, recipe } = this.#job;
    const drafts = participants.map(({ cell }) => openDraft(view.snapshot(cell).value as object));
    const given = drafts.map(({ draft }) => draft);
    const returned = this.#scope.runInAsyncScope(() => recipe(given, tx));
    if (returned instanceof Promise) {
      returned.catch(() => undefined);
      throw new HoldfastError('INVALID_ARGUMENT', 'A recipe must be synchronous: do what takes time before it, or as an effect.', {
        argument: 'recipe',
      });
    }
    const value = detach(returned) as R;
    const outcomes = participants.map((participant, index): Outcome => {
      const before = view.snapshot(participant.cell);
      const { next, patches, changed } = (drafts[index] as (typeof drafts)[number]).finish();
      if (index > 0 || !replacement) return { ...participant, before, after: next, patches, changed };
      const isSame = before.version > 0 && isSameJson(replacement.value, before.value);
      return isSame
        ? { ...participant, before, after: before.value, patches: [] }
        : { ...participant, before, after: replacement.value, patches: undefined };
    });
    return { outcomes, value };
  }

  #leaseRequirement(view: BatchView): readonly Requirement[] {
    const { options, leaseEntity } = this.#job;
    if (!options.lease || !leaseEntity) return [];
    return [{ eid: view.eid(leaseEntity), collection: COLLECTION.lease, key: options.lease.name, rev: options.lease.token }];
  }
}

async function readyInTurn(participants: readonly Participant[]): Promise<void> {
  for (const { cell } of participants) await cell.reader.secrets?.ready();
}

/** What the caller says of itself; without a trace of its own, the one that it is part of. */
function originOf({ actor, cause, toolCall, trace = activeTrace() }: CommitOptions): CommitMeta {
  return {
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(toolCall !== undefined && { toolCall }),
    ...(trace !== undefined && { trace }),
  };
}
