import { isDeepStrictEqual } from 'node:util';
import { emptyCommit, leavesTrace, type BatchView, type EntityCell, type Job, type NextSnapshot, type Plan, type StateCell, type ViewedSnapshot } from '../commit/index.ts';
import { detach, freezeJson, openDraft, type Patch } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { assertId } from '../scope/index.ts';
import { COLLECTION, type Change, type Commit, type ItemKey, type ItemPut, type ItemRecord, type Refusal, type Requirement } from '../store/index.ts';
import type { CommitOptions, CommitResult, StateVersion } from './commit-options.ts';
import type { StateDefinition } from './definition.ts';
import { canonicalHash, ledgerKey, openKey, recordEffect, type EffectKind, type EffectRecord, type RecordedEffect } from './effect-intent.ts';
import type { EngineContext } from './engine-context.ts';
import type { InvariantDefinition } from './invariant.ts';
import { schemaIssues } from './validation.ts';

const IDEMPOTENCY_MS = 7 * 24 * 3_600_000;
/** 16 MB of JSON is the most that a state may have; checked against the exact size when the log's estimate comes near it. */
const MAX_STATE_CHARACTERS = 16_777_216;
/** Patches under this size are never worth comparing with the state. */
const SMALL_PATCH = 1_024;

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

/** One state that a job works on. */
export interface Participant {
  readonly definition: StateDefinition<unknown>;
  readonly cell: StateCell;
}

/** Records that the engine itself adds to a recipe's commit. */
export interface AttachedRecords {
  readonly requires: readonly Requirement[];
  readonly puts: readonly ItemPut[];
  readonly deletes: readonly ItemKey[];
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

interface Outcome extends Participant {
  readonly before: ViewedSnapshot;
  readonly after: unknown;
  /** Undefined: replaced as a whole. Empty: unchanged. */
  readonly patches: readonly Patch[] | undefined;
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
    this.deadline = Date.now() + (options.retryForMs ?? context.retryForMs);
  }

  form(view: BatchView): Plan {
    const { context, options, attached, participants, witnesses } = this.#job;
    const { first, now } = { first: this.#first, now: context.now() };
    this.#assertExpected(view);
    const effects: RecordedEffect[] = [];
    const { outcomes, value } = this.#run(view, { now, effect: (kind, intent) => void effects.push(this.#intend(kind, intent)) });
    for (const outcome of outcomes) assertAcceptable(outcome);
    assertInvariants(context.invariants, outcomes, witnesses, view);

    const changed = outcomes.filter(({ patches }) => patches === undefined || patches.length > 0);
    const intended = effects.filter(({ name, key }) => !this.#known.has(ledgerKey(name, key)));
    this.#intended = intended;
    const written = new Set(changed.map(({ cell }) => cell.entity));
    if (intended.length > 0 || options.idempotency || attached) written.add(first.cell.entity);
    const next: NextSnapshot[] = [];
    const changes: Change[] = [];
    for (const outcome of changed) {
      const change = changeOf(outcome, view);
      changes.push(change);
      next.push({ cell: outcome.cell, version: change.version, value: outcome.after, defVersion: change.defVersion, kind: change.kind, bytes: change.body.length });
    }
    const versions = participants.map(({ cell }) => versionOf(cell, next.find((each) => each.cell === cell)?.version ?? view.snapshot(cell).version));
    const firstEid = view.eid(first.cell.entity);
    const commit: Commit = {
      ...emptyCommit(),
      durability: changed.length === 0 || changed.some(({ definition }) => definition.durability === 'synced') ? 'synced' : 'written',
      meta: { ...originOf(options), ...((intended.length > 0 || written.size > 1) && { flags: ['bound'] as const }) },
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
      requires: [...this.#leaseRequirement(view), ...(attached?.requires ?? []), ...intended.flatMap((effect) => effectRequirements(firstEid, effect))],
      changes,
      puts: [...(attached?.puts ?? []), ...intended.flatMap((effect) => effectPuts(firstEid, first.cell.entity, effect, now))],
      deletes: attached?.deletes ?? [],
      touch: [...written].flatMap((entity) => (entity.ttlMs === undefined ? [] : [{ eid: view.eid(entity), ttlMs: entity.ttlMs }])),
    };
    return { commit, next, value };
  }

  done(plan: Plan, seq: number): void {
    const { context, participants, settle } = this.#job;
    const versions = participants.map(({ cell }) => versionOf(cell, plan.next.find((each) => each.cell === cell)?.version ?? expectedIn(plan, cell)));
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
      this.failed(new HoldfastError('IDEMPOTENCY_MISMATCH', `The idempotency key ${key} was used on ${entity} with another input; use a new key for a new request.`, { entity, key }));
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

  #answerUnmet({ collection, key }: Requirement, found: ItemRecord | undefined): HoldfastError | 'retry' {
    const { attached, options } = this.#job;
    const entity = this.#first.cell.entity.name;
    if (attached?.requires.some((each) => each.collection === collection && each.key === key)) return attached.unmet();
    if (collection === COLLECTION.lease) {
      const lease = options.lease?.name ?? key;
      return new HoldfastError('STALE_LEASE', `The lease ${lease} of ${entity} expired or passed to another holder; acquire it anew and look at the state first.`, { entity, lease });
    }
    const effect = this.#intended.find((each) => (collection === COLLECTION.effect ? ledgerKey(each.name, each.key) : openKey(each)) === key);
    if (!found || !effect) return 'retry';
    if (collection === COLLECTION.openEffect) {
      const open = JSON.parse(found.body) as { key: string };
      return new HoldfastError('EFFECT_UNKNOWN', `Effect ${effect.name} of ${entity} is not settled yet (key ${open.key}), so another one may not start. Wait for its outcome.`, {
        entity,
        effect: effect.name,
        key: open.key,
        status: 'unsettled',
      });
    }
    const known = JSON.parse(found.body) as EffectRecord;
    if (known.inputHash !== effect.inputHash) {
      return new HoldfastError('IDEMPOTENCY_MISMATCH', `Effect ${effect.name} of ${entity} was intended under the key ${effect.key} with another input; use a new key.`, { entity, key: effect.key });
    }
    this.#known.add(key);
    return 'retry';
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
      throw new HoldfastError('INVALID_ARGUMENT', `Effect ${kind.name} was not given to StateManager.open({ effects }), so nobody would run it.`, { argument: 'effects' });
    }
    return recordEffect(this.#first.cell.entity.name, kind, intent.key, intent.input);
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
      throw new HoldfastError('INVALID_ARGUMENT', 'A recipe must be synchronous: do what takes time before it, or as an effect.', { argument: 'recipe' });
    }
    const value = detach(returned) as R;
    const outcomes = participants.map((participant, index): Outcome => {
      const before = view.snapshot(participant.cell);
      const { next, patches } = (drafts[index] as (typeof drafts)[number]).finish();
      if (index > 0 || !replacement) return { ...participant, before, after: next, patches };
      const isSame = before.version > 0 && isDeepStrictEqual(replacement.value, before.value);
      return isSame ? { ...participant, before, after: before.value, patches: [] } : { ...participant, before, after: replacement.value, patches: undefined };
    });
    return { outcomes, value };
  }

  #leaseRequirement(view: BatchView): readonly Requirement[] {
    const { options, leaseEntity } = this.#job;
    if (!options.lease || !leaseEntity) return [];
    return [{ eid: view.eid(leaseEntity), collection: COLLECTION.lease, key: options.lease.name, rev: options.lease.token }];
  }
}

function assertAcceptable({ definition, cell, before, after, patches }: Outcome): void {
  if (patches?.length === 0) return;
  const { name, version, schema, invariants } = definition;
  const entity = cell.entity.name;
  if (before.defVersion > version) {
    throw new HoldfastError('NEWER_VERSION', `${name} of ${entity} was written by version ${before.defVersion} of its definition; this program knows ${version} and may only read it. Update the program.`, {
      what: `${name} of ${entity}`,
      found: before.defVersion,
      known: version,
    });
  }
  const issue = freezeJson(after);
  const issues = issue ? [issue] : schemaIssues(schema, after);
  if (issues) {
    const [first] = issues;
    throw new HoldfastError('VALIDATION_FAILED', `The change to ${name} of ${entity} does not fit at ${first?.path.join('.') || '(root)'}: ${first?.message}. Nothing was written.`, {
      entity,
      state: name,
      issues,
    });
  }
  for (const [invariant, holds] of Object.entries(invariants)) assertHolds(invariant, name, entity, holds(after, before.value));
}

function assertInvariants(invariants: readonly InvariantDefinition[], outcomes: readonly Outcome[], witnesses: readonly Participant[], view: BatchView): void {
  for (const { name, states, check } of invariants) {
    const touched = new Set(outcomes.filter(({ definition, patches }) => patches?.length !== 0 && states.includes(definition)).map(({ cell }) => cell.entity));
    for (const entity of touched) {
      const pairs = states.map((definition) => {
        const outcome = outcomes.find((each) => each.definition === definition && each.cell.entity === entity);
        if (outcome) return { now: outcome.after, was: outcome.before.value };
        const witness = witnesses.find((each) => each.definition === definition && each.cell.entity === entity);
        const value = witness ? view.snapshot(witness.cell).value : definition.initial;
        return { now: value, was: value };
      });
      const verdict = check(
        pairs.map(({ now }) => now),
        pairs.map(({ was }) => was),
      );
      assertHolds(name, states.map((state) => state.name).join(', '), entity.name, verdict);
    }
  }
}

function assertHolds(invariant: string, state: string, entity: string, verdict: boolean | string): void {
  if (verdict === true) return;
  const why = typeof verdict === 'string' ? `: ${verdict}` : '';
  throw new HoldfastError('INVARIANT_VIOLATED', `${state} of ${entity} would break the invariant ${invariant}${why}. Nothing was written.`, { entity, state, invariant });
}

/** The log's record of an outcome: patches, or the whole value where those would be larger or the shape is new. */
function changeOf({ definition, cell, before, after, patches }: Outcome, view: BatchView): Change {
  const change = { eid: view.eid(cell.entity), state: cell.state, version: before.version + 1, defVersion: definition.version };
  const patchBody = patches && before.version > 0 && before.defVersion === definition.version ? JSON.stringify(patches) : undefined;
  const mayBeLarger = patchBody === undefined || (patchBody.length > SMALL_PATCH && patchBody.length > cell.fullBytes);
  const mayBeTooLarge = cell.fullBytes + cell.logBytes + (patchBody?.length ?? 0) > MAX_STATE_CHARACTERS;
  if (!mayBeLarger && !mayBeTooLarge) return { ...change, kind: 'patch', body: patchBody };
  const fullBody = JSON.stringify(after);
  if (fullBody.length > MAX_STATE_CHARACTERS) {
    const message = `is ${fullBody.length} characters long; a state may have ${MAX_STATE_CHARACTERS}`;
    throw new HoldfastError('VALIDATION_FAILED', `The change makes ${cell.state} of ${cell.entity.name} too large: it ${message}. Nothing was written.`, {
      entity: cell.entity.name,
      state: cell.state,
      issues: [{ path: [], message }],
    });
  }
  if (patchBody !== undefined && patchBody.length <= fullBody.length) return { ...change, kind: 'patch', body: patchBody };
  return { ...change, kind: 'full', body: fullBody };
}

function effectRequirements(eid: number, effect: RecordedEffect): readonly Requirement[] {
  return [
    { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, effect.key), rev: 'absent' },
    { eid, collection: COLLECTION.openEffect, key: openKey(effect), rev: 'absent' },
  ];
}

function effectPuts(eid: number, { scope, id }: EntityCell, effect: RecordedEffect, now: number): readonly ItemPut[] {
  const record: EffectRecord = { status: 'intended', input: effect.input, inputHash: effect.inputHash, intendedAt: now, runs: 0 };
  return [
    { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, effect.key), body: JSON.stringify(record) },
    { eid, collection: COLLECTION.openEffect, key: openKey(effect), body: JSON.stringify({ name: effect.name, key: effect.key, scope, id }) },
  ];
}

function originOf({ actor, cause, toolCall, trace }: CommitOptions): Commit['meta'] {
  return { ...(actor !== undefined && { actor }), ...(cause !== undefined && { cause }), ...(toolCall !== undefined && { toolCall }), ...(trace !== undefined && { trace }) };
}

function versionOf(cell: StateCell, version: number): StateVersion {
  return { scope: cell.entity.scope, id: cell.entity.id, state: cell.state, version };
}

function expectedIn(plan: Plan, cell: StateCell): number {
  return plan.commit.expects.find(({ eid, state }) => state === cell.state && (eid === cell.entity.eid || eid === cell.entity.ref))?.version ?? 0;
}

function resultBody(value: unknown, versions: readonly StateVersion[]): string {
  const issue = value === undefined ? undefined : freezeJson(value);
  if (issue) {
    throw new HoldfastError('INVALID_ARGUMENT', `A recipe with an idempotency key must return JSON or nothing; at ${issue.path.join('.') || '(root)'}: ${issue.message}.`, { argument: 'recipe' });
  }
  return JSON.stringify({ value, versions });
}
