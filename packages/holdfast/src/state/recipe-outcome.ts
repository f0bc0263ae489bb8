import type { BatchView, StateCell, ViewedSnapshot } from '../commit/index.ts';
import { freezeJson, type ChangedNode, type Patch } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import type { Change, Requirement } from '../store/index.ts';
import type { StateDefinition } from './definition.ts';
import type { InvariantDefinition } from './invariant.ts';
import { eachIssues } from './each-item.ts';
import { schemaIssues } from './validation.ts';

/** 16 MB of JSON is the most that a state may have; checked against the exact size when the log's estimate comes near it. */
const MAX_STATE_CHARACTERS = 16_777_216;
/** Patches under this size are never worth comparing with the state. */
const SMALL_PATCH = 1_024;

/** One state that a job works on. */
export interface Participant {
  readonly definition: StateDefinition<unknown>;
  readonly cell: StateCell;
}

/** What a recipe made of one state. */
export interface Outcome extends Participant {
  readonly before: ViewedSnapshot;
  readonly after: unknown;
  /** Undefined: replaced as a whole. Empty: unchanged. */
  readonly patches: readonly Patch[] | undefined;
  /** Of a drafted value: what is new in it. */
  readonly changed?: ChangedNode | undefined;
  /** What the commit requires besides, of a state whose secrets were sealed. */
  readonly requires?: readonly Requirement[];
}

/** The outcome with its secrets sealed; a changed state is frozen and checked against schema, shape and its own invariants. */
export function accepted(outcome: Outcome): Outcome {
  const { definition, cell, before, patches } = outcome;
  if (patches?.length === 0) return outcome;
  const { secrets } = cell.reader;
  const { name, version, schema, each, invariants } = definition;
  const entity = cell.entity.name;
  if (before.defVersion > version) {
    throw new HoldfastError(
      'NEWER_VERSION',
      `${name} of ${entity} was written by version ${before.defVersion} of its definition; this program knows ${version} and may only read it. Update the program.`,
      {
        what: `${name} of ${entity}`,
        found: before.defVersion,
        known: version,
      },
    );
  }
  const misplaced = secrets?.issues(outcome.after);
  const sealed = secrets && !misplaced ? { ...outcome, ...secrets.seal(outcome.after, patches) } : outcome;
  const { after } = sealed;
  const issue = freezeJson(after, secrets?.isInPlace, outcome.changed);
  const issues = misplaced ?? (issue ? [issue] : (schemaIssues(schema, after) ?? eachIssues(each, after, before.value, outcome.changed)));
  if (issues) {
    const [first] = issues;
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `The change to ${name} of ${entity} does not fit at ${first?.path.join('.') || '(root)'}: ${first?.message}. Nothing was written.`,
      {
        entity,
        state: name,
        issues,
      },
    );
  }
  for (const [invariant, holds] of Object.entries(invariants)) assertHolds(invariant, name, entity, holds(after, before.value));
  return sealed;
}

/** Checks the rules that span several states of an entity. */
export function assertInvariants(
  invariants: readonly InvariantDefinition[],
  outcomes: readonly Outcome[],
  witnesses: readonly Participant[],
  view: BatchView,
): void {
  for (const { name, states, check } of invariants) {
    const touched = new Set(
      outcomes.filter(({ definition, patches }) => patches?.length !== 0 && states.includes(definition)).map(({ cell }) => cell.entity),
    );
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
  throw new HoldfastError(
    'INVARIANT_VIOLATED',
    `${state} of ${entity} would break the invariant ${invariant}${why}. Nothing was written.`,
    { entity, state, invariant },
  );
}

/** The log's record of an outcome: patches, or the whole value where those would be larger or the shape is new. */
export function changeOf({ definition, cell, before, after, patches }: Outcome, view: BatchView): Change {
  const change = (kind: Change['kind'], body: string): Change => ({
    eid: view.eid(cell.entity),
    state: cell.state,
    version: before.version + 1,
    defVersion: definition.version,
    kind,
    body,
  });
  const { secrets } = cell.reader;
  const hasPatches = patches && before.version > 0 && before.defVersion === definition.version;
  const patchBody = hasPatches ? JSON.stringify(secrets ? secrets.storedPatches(patches) : patches) : undefined;
  const mayBeLarger = patchBody === undefined || (patchBody.length > SMALL_PATCH && patchBody.length > cell.fullBytes);
  const mayBeTooLarge = cell.fullBytes + cell.logBytes + (patchBody?.length ?? 0) > MAX_STATE_CHARACTERS;
  if (!mayBeLarger && !mayBeTooLarge) return change('patch', patchBody);
  const fullBody = storedBody(definition, cell.entity.name, secrets ? secrets.stored(after) : after);
  if (patchBody !== undefined && patchBody.length <= fullBody.length) return change('patch', patchBody);
  return change('full', fullBody);
}

/** The JSON of a whole value. @throws {HoldfastError} VALIDATION_FAILED when it is more than a state may have. */
export function storedBody({ name }: { readonly name: string }, entity: string, stored: unknown): string {
  const body = JSON.stringify(stored);
  if (body.length <= MAX_STATE_CHARACTERS) return body;
  const message = `is ${body.length} characters long; a state may have ${MAX_STATE_CHARACTERS}`;
  throw new HoldfastError('VALIDATION_FAILED', `${name} of ${entity} would be too large: it ${message}. Nothing was written.`, {
    entity,
    state: name,
    issues: [{ path: [], message }],
  });
}
