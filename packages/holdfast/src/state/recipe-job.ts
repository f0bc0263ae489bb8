import type { BatchView, EntityCell, Job, NextSnapshot, Plan, StateCell } from '../commit/index.ts';
import { detach, freezeJson, isSameJson, openDraft } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { assertId } from '../scope/index.ts';
import {
  COLLECTION,
  emptyCommit,
  leavesTrace,
  type Change,
  type Commit,
  type CommitFlag,
  type ItemKey,
  type ItemPut,
  type ItemRecord,
  type Refusal,
  type Requirement,
} from '../store/index.ts';
import type { CommitOptions, CommitResult, StateVersion } from './commit-options.ts';
import {
  canonicalHash,
  effectPuts,
  effectRefusal,
  effectRequirements,
  ledgerKey,
  recordEffect,
  type EffectKind,
  type RecordedEffect,
} from './effect-intent.ts';
import type { EngineContext } from './engine-context.ts';
import { accepted, assertInvariants, changeOf, type Outcome, type Participant } from './recipe-outcome.ts';

const IDEMPOTENCY_MS = 7 * 24 * 3_600_000;

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

/** Records that the engine itself adds to a recipe's commit. */
export interface AttachedRecords {
  readonly requires: readonly Requirement[];
  readonly puts: readonly ItemPut[];
  readonly deletes: readonly ItemKey[];
  /** The commit settles an effect: `bound`, and `simulated` when the effect was. */
  readonly flags: readonly CommitFlag[];
  /** What to tell the caller when one of `requires` does not hold. */
  readonly unmet: () => HoldfastError;
}

export interface RecipeJobOptions<R> {
  readonly context: EngineContext;
  readonly participants: readonly [Participant, ...Participant[]];
  /** States that invariants read besides: version-checked, but not given to the recipe. */
  readonly witnesses: readonly Participant[];
  readonly recipe: (drafts: readonly unknown[], tx: Transaction) => R;
  /** Replaces the first state instead of drafting it. */
  readonly replacement?: { readonly value: unknown };
  readonly options: CommitOptions;
  readonly attached?: AttachedRecords;
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
  readonly #job: RecipeJobOptions<R>;
  readonly #first: Participant;
  readonly #inputHash: string;
  /** Effects found in the ledger with the same input: they are not intended again. */
  readonly #known = new Set<string>();
  #intended: readonly RecordedEffect[] = [];

  constructor(job: RecipeJobOptions<R>) {
    const { options, participants, witnesses, leaseEntity, context } = job;
    this.#job = job;
    this.#first = participants[0];
    this.cells = [...participants, ...witnesses].map(({ cell }) => cell);
    const entities = new Set(this.cells.map(({ entity }) => entity));
    for (const { parent } of [...entities]) if (parent) entities.add(parent);
    if (leaseEntity) entities.add(leaseEntity);
    this.entities = [...entities];
    const { idempotency } = options;
    if (idempotency) assertId('idempotency key', idempotency.key);
    this.idempotency = idempotency && { entity: this.#first.cell.entity, key: idempotency.key };
    this.#inputHash = idempotency?.input === undefined ? '' : canonicalHash(idempotency.input);
    this.signal = options.signal;
    this.deadline = context.now() + (options.retryForMs ?? context.retryForMs);
  }

  async prepare(): Promise<void> {
    for (const { cell } of this.#job.participants) await cell.reader.secrets?.ready();
  }

  form(view: BatchView): Plan {
    const { context, options, attached, participants, witnesses } = this.#job;
    const { first, now } = { first: this.#first, now: context.now() };
    this.#assertExpected(view);
    const effects: RecordedEffect[] = [];
    const { outcomes: made, value } = this.#run(view, { now, effect: (kind, intent) => void effects.push(this.#intend(kind, intent)) });
    const outcomes = made.map(accepted);
    assertInvariants(context.invariants, outcomes, witnesses, view);

    const changed = outcomes.filter(({ patches }) => patches === undefined || patches.length > 0);
    const intended = effects.filter(({ name, key }) => !this.#known.has(ledgerKey(name, key)));
    this.#intended = intended;
    const written = new Set(changed.map(({ cell }) => cell.entity));
    if (intended.length > 0 || options.idempotency || attached) written.add(first.cell.entity);
    const flags = new Set<CommitFlag>(attached?.flags);
    if (intended.length > 0 || written.size > 1) flags.add('bound');
    if (intended.length > 0 && first.cell.entity.origin) flags.add('simulated');
    const next: NextSnapshot[] = [];
    const changes: Change[] = [];
    for (const outcome of changed) {
      const change = changeOf(outcome, view);
      changes.push(change);
      next.push({
        cell: outcome.cell,
        version: change.version,
        value: outcome.after,
        defVersion: change.defVersion,
        kind: change.kind,
        bytes: change.body.length,
      });
    }
    const versions = participants.map(({ cell }) =>
      versionOf(cell, next.find((each) => each.cell === cell)?.version ?? view.snapshot(cell).version),
    );
    const firstEid = view.eid(first.cell.entity);
    const commit: Commit = {
      ...emptyCommit(),
      durability: changed.length === 0 || changed.some(({ definition }) => definition.durability === 'synced') ? 'synced' : 'written',
      meta: { ...originOf(options), ...(flags.size > 0 && { flags: [...flags] }) },
      ...(options.idempotency && {
        idempotency: {
          eid: firstEid,
          key: options.idempotency.key,
          inputHash: this.#inputHash,
          body: resultBody(value, versions),
          ttlMs: options.idempotency.keepMs ?? IDEMPOTENCY_MS,
        },
      }),
      creates: [...written].flatMap((entity) => view.creations(entity)),
      expects: this.cells
        .filter(({ entity }) => view.exists(entity) || written.has(entity))
        .map((cell) => ({ eid: view.eid(cell.entity), state: cell.state, version: view.snapshot(cell).version })),
      requires: [
        ...this.#leaseRequirement(view),
        ...(attached?.requires ?? []),
        ...intended.flatMap((effect) => effectRequirements(firstEid, effect)),
        ...changed.flatMap(({ requires = [] }) => requires),
      ],
      changes,
      puts: [
        ...(attached?.puts ?? []),
        ...(flags.has('bound') ? changes.map(boundPut) : []),
        ...intended.flatMap((effect) => effectPuts(firstEid, first.cell.entity, effect, now)),
      ],
      deletes: attached?.deletes ?? [],
      touch: [...written].flatMap((entity) => (entity.ttlMs === undefined ? [] : [{ eid: view.eid(entity), ttlMs: entity.ttlMs }])),
    };
    return { commit, next, value };
  }

  done(plan: Plan, seq: number): void {
    const { context, participants, settle } = this.#job;
    const versions = participants.map(({ cell }) =>
      versionOf(cell, plan.next.find((each) => each.cell === cell)?.version ?? expectedIn(plan, cell)),
    );
    if (this.#intended.length > 0 && leavesTrace(plan.commit)) context.effectsIntended(this.#first.cell.entity, this.#intended);
    settle.resolve({ value: plan.value as R, versions, replayed: false, seq });
  }

  failed(error: unknown): void {
    this.#job.settle.reject(error);
  }

  replay(item: ItemRecord): void {
    const { key = '', entity } = { key: this.idempotency?.key, entity: this.#first.cell.entity.name };
    const { inputHash, body } = JSON.parse(item.body) as { inputHash: string; body: string };
    if (inputHash !== this.#inputHash) {
      this.failed(
        new HoldfastError(
          'IDEMPOTENCY_MISMATCH',
          `The idempotency key ${key} was used on ${entity} with another input; use a new key for a new request.`,
          { entity, key },
        ),
      );
      return;
    }
    const { value, versions } = JSON.parse(body) as { value?: R; versions: readonly StateVersion[] };
    this.#job.settle.resolve({ value: value as R, versions, replayed: true, seq: item.rev });
  }

  unmet({ index, found }: Extract<Refusal, { kind: 'unmet' }>, plan: Plan): 'retry' | 'settled' {
    const requirement = plan.commit.requires[index] as Requirement;
    const answer = this.#answerUnmet(requirement, found);
    if (answer === 'retry') return 'retry';
    this.failed(answer);
    return 'settled';
  }

  #answerUnmet(requirement: Requirement, found: ItemRecord | undefined): HoldfastError | 'retry' {
    const { attached, options, context } = this.#job;
    const { collection, key, eid } = requirement;
    const entity = this.#first.cell.entity.name;
    if (attached?.requires.some((each) => each.collection === collection && each.key === key)) return attached.unmet();
    if (collection === COLLECTION.lease) {
      const lease = options.lease?.name ?? key;
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
    const returned = recipe(
      drafts.map(({ draft }) => draft),
      tx,
    );
    if (returned instanceof Promise) {
      returned.catch(() => undefined);
      throw new HoldfastError('INVALID_ARGUMENT', 'A recipe must be synchronous: do what takes time before it, or as an effect.', {
        argument: 'recipe',
      });
    }
    const value = detach(returned) as R;
    const outcomes = participants.map((participant, index): Outcome => {
      const before = view.snapshot(participant.cell);
      const { next, patches } = (drafts[index] as (typeof drafts)[number]).finish();
      if (index > 0 || !replacement) return { ...participant, before, after: next, patches };
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

function originOf({ actor, cause, toolCall, trace }: CommitOptions): Commit['meta'] {
  return {
    ...(actor !== undefined && { actor }),
    ...(cause !== undefined && { cause }),
    ...(toolCall !== undefined && { toolCall }),
    ...(trace !== undefined && { trace }),
  };
}

function versionOf(cell: StateCell, version: number): StateVersion {
  return { scope: cell.entity.scope, id: cell.entity.id, state: cell.state, version };
}

function expectedIn(plan: Plan, cell: StateCell): number {
  return (
    plan.commit.expects.find(({ eid, state }) => state === cell.state && (eid === cell.entity.eid || eid === cell.entity.ref))?.version ?? 0
  );
}

function resultBody(value: unknown, versions: readonly StateVersion[]): string {
  const issue = value === undefined ? undefined : freezeJson(value);
  if (issue) {
    throw new HoldfastError(
      'INVALID_ARGUMENT',
      `A recipe with an idempotency key must return JSON or nothing; at ${issue.path.join('.') || '(root)'}: ${issue.message}.`,
      { argument: 'recipe' },
    );
  }
  return JSON.stringify({ value, versions });
}

/** Remembers that the version may not be rewound alone, for as long as the entity lives. */
function boundPut({ eid, state, version }: Change): ItemPut {
  return { eid, collection: COLLECTION.bound, key: state, body: JSON.stringify({ version }) };
}
