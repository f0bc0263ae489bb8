import { entitiesOf, type BatchView, type EntityCell, type NextSnapshot, type StateCell } from '../commit/index.ts';
import { freezeJson } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { boundPut } from '../history/index.ts';
import {
  newCommitId,
  type Change,
  type Commit,
  type CommitFlag,
  type CommitMeta,
  type EntityCreation,
  type IdempotencyRecord,
  type ItemKey,
  type ItemPut,
  type Requirement,
  type Touch,
} from '../store/index.ts';
import type { CommitOptions, StateVersion } from './commit-options.ts';
import { effectPuts, effectRequirements, type RecordedEffect } from './effect-intent.ts';
import { changeOf, type Outcome, type Participant } from './recipe-outcome.ts';

const IDEMPOTENCY_MS = 7 * 24 * 3_600_000;

/** Records that the engine itself adds to a recipe's commit. */
export interface AttachedRecords {
  readonly requires: readonly Requirement[];
  readonly puts: readonly ItemPut[];
  readonly deletes: readonly ItemKey[];
  /** The commit settles an effect: `bound` and `effect`, and `simulated` when the effect was. */
  readonly flags: readonly CommitFlag[];
  /** What to tell the caller when one of `requires` does not hold. */
  readonly unmet: () => HoldfastError;
}

/** What a recipe made of its states, and all that goes into its commit besides. */
export interface RecipeResult {
  readonly view: BatchView;
  /** Every state that the commit was computed from, read or written. */
  readonly cells: readonly StateCell[];
  /** Of the states given to the recipe, in its order. */
  readonly outcomes: readonly [Outcome, ...Outcome[]];
  readonly value: unknown;
  readonly intended: readonly RecordedEffect[];
  readonly lease: readonly Requirement[];
  readonly attached: AttachedRecords | undefined;
  readonly options: CommitOptions;
  /** Who asked for it and why. */
  readonly origin: CommitMeta;
  readonly inputHash: string;
  /** Epoch ms. */
  readonly now: number;
}

export interface FormedCommit {
  readonly commit: Commit;
  /** Snapshots to publish when the commit is confirmed. */
  readonly next: readonly NextSnapshot[];
  /** Of the states given to the recipe, in its order, once the commit is confirmed. */
  readonly versions: readonly StateVersion[];
}

/** Forms the one commit that writes a recipe's result. @throws {HoldfastError} INVALID_ARGUMENT when the value is to be kept and is no JSON; VALIDATION_FAILED when a state is too large. */
export function formCommit(result: RecipeResult): FormedCommit {
  const { view, cells, outcomes, value, intended, lease, attached, options, origin, inputHash, now } = result;
  const { entity } = outcomes[0].cell;
  const eid = view.eid(entity);
  const changed = outcomes.filter(({ patches }) => patches === undefined || patches.length > 0);
  const moved = entitiesOf(changed.map(({ cell }) => cell));
  const hasOtherRecords = intended.length > 0 || options.idempotency || attached;
  const written = hasOtherRecords && !moved.includes(entity) ? [...moved, entity] : moved;
  const flags = flagsOf(result, written);
  const next = changed.map((outcome) => nextOf(outcome, view));
  const changes = next.map(({ change }) => change);
  const creates: EntityCreation[] = [];
  const touch: Touch[] = [];
  for (const each of written) {
    creates.push(...view.creations(each));
    const ttlMs = each.lifetimeDue(now);
    if (ttlMs !== undefined) touch.push({ eid: view.eid(each), ttlMs });
  }
  const requires = [...lease, ...(attached?.requires ?? [])];
  const puts = [...(attached?.puts ?? []), ...(flags.includes('bound') ? changes.map(boundPut) : [])];
  for (const effect of intended) {
    requires.push(...effectRequirements(eid, effect));
    puts.push(...effectPuts(eid, entity, effect, now));
  }
  for (const outcome of changed) if (outcome.requires) requires.push(...outcome.requires);
  const versions = outcomes.map((outcome) => versionOf(outcome, next.find(({ cell }) => cell === outcome.cell)?.version));
  const { absent, expects } = view.readings(cells, written);
  const commit: Commit = {
    commitId: newCommitId(),
    durability: changed.length === 0 || changed.some(({ definition }) => definition.durability === 'synced') ? 'synced' : 'written',
    meta:
      flags.length === 0 && moved.length <= 1
        ? origin
        : { ...origin, ...(flags.length > 0 && { flags }), ...(moved.length > 1 && { spans: moved.length }) },
    idempotency: options.idempotency && idempotencyRecord(eid, options.idempotency, inputHash, resultBody(value, versions)),
    creates,
    absent,
    expects,
    requires,
    changes,
    puts,
    deletes: attached?.deletes ?? [],
    touch,
    drops: [],
  };
  return { commit, next, versions };
}

function flagsOf({ outcomes, intended, attached }: RecipeResult, written: readonly EntityCell[]): readonly CommitFlag[] {
  if (!attached && intended.length === 0 && written.length <= 1) return [];
  const flags = new Set<CommitFlag>(attached?.flags);
  if (intended.length > 0 || written.length > 1) flags.add('bound');
  if (intended.length > 0) flags.add('effect');
  if (intended.length > 0 && outcomes[0].cell.entity.origin) flags.add('simulated');
  return [...flags];
}

function nextOf(outcome: Outcome, view: BatchView): NextSnapshot & { readonly change: Change } {
  const change = changeOf(outcome, view);
  const { version, defVersion, kind, body } = change;
  return { cell: outcome.cell, version, value: outcome.after, defVersion, kind, bytes: body.length, change };
}

function versionOf({ cell, before }: Participant & Pick<Outcome, 'before'>, changedTo: number | undefined): StateVersion {
  return { scope: cell.entity.scope, id: cell.entity.id, state: cell.state, version: changedTo ?? before.version };
}

function idempotencyRecord(
  eid: number,
  { key, keepMs }: NonNullable<CommitOptions['idempotency']>,
  inputHash: string,
  body: string,
): IdempotencyRecord {
  return { eid, key, inputHash, body, ttlMs: keepMs ?? IDEMPOTENCY_MS };
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
