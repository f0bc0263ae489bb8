import type { EntityCell } from '../commit/index.ts';
import { applyPatches, detach, difference, mergeThreeWay, type MergeConflict, type Patch } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { keptVersions, replay } from '../history/index.ts';
import type { StateDefinition } from './definition.ts';
import { definitionReader } from './definition-reader.ts';
import type { EngineContext } from './engine-context.ts';
import type { Participant } from './recipe-outcome.ts';
import { runRecipe } from './run-recipe.ts';

/** A place of a state that both sides changed since the fork, differently. */
export interface StateConflict extends MergeConflict {
  readonly state: string;
}

export interface MergeOptions {
  /** The value that a place in conflict shall have. Without it, a conflict stops the merge. Synchronous; may run more than once. */
  readonly resolve?: (conflict: StateConflict) => unknown;
  readonly actor?: string;
}

export interface MergeResult {
  /** Place of the commit in the log; 0 when nothing was written, because nothing differs or because of conflicts. */
  readonly seq: number;
  readonly conflicts: readonly StateConflict[];
}

interface Branch {
  readonly participant: Participant;
  /** The state when the fork was made, and at its head, in the definition's shape. */
  readonly base: unknown;
  readonly theirs: unknown;
}

/** Stops the recipe of a merge whose conflicts nobody resolves. */
class UnresolvedConflicts extends Error {
  readonly conflicts: readonly StateConflict[];

  constructor(conflicts: readonly StateConflict[]) {
    super('The merge has conflicts.');
    this.conflicts = conflicts;
  }
}

/** Merges what changed in a fork since it was made into its original, in one commit. */
export async function mergeFork(
  context: EngineContext,
  target: EntityCell,
  fork: EntityCell,
  definitionOf: (state: string) => StateDefinition<unknown> | undefined,
  options: MergeOptions,
): Promise<MergeResult> {
  if (target.eid === undefined || fork.eid === undefined || fork.origin?.eid !== target.eid) {
    throw new HoldfastError('INVALID_ARGUMENT', `${fork.name} is no fork of ${target.name}.`, { argument: 'fork' });
  }
  const branches = await branchesOf(context, target, fork, definitionOf);
  if (branches.length === 0) return { seq: 0, conflicts: [] };
  let conflicts: readonly StateConflict[] = [];
  try {
    const { seq } = await runRecipe(
      context,
      branches.map(({ participant }) => participant),
      (drafts) => {
        conflicts = drafts.flatMap((draft, index) => mergeInto(draft, branches[index] as Branch, options.resolve));
        if (conflicts.length > 0 && !options.resolve) throw new UnresolvedConflicts(conflicts);
      },
      { cause: `merge ${fork.name}`, ...(options.actor !== undefined && { actor: options.actor }) },
    );
    return { seq, conflicts };
  } catch (error) {
    if (!(error instanceof UnresolvedConflicts)) throw error;
    return { seq: 0, conflicts: error.conflicts };
  }
}

/** The states that moved in the fork. */
async function branchesOf(
  context: EngineContext,
  target: EntityCell,
  fork: EntityCell,
  definitionOf: (state: string) => StateDefinition<unknown> | undefined,
): Promise<readonly Branch[]> {
  const eid = fork.eid as number;
  const branches: Branch[] = [];
  for (const { state, version } of await context.store.heads(eid)) {
    const baseVersion = (fork.origin?.versions[state] ?? 0) + 1;
    const isNew = fork.origin?.versions[state] === undefined;
    if (version === baseVersion && !isNew) continue;
    await refuseSimulated(context, fork, state);
    const definition = definitionOf(state);
    if (!definition)
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `The definition of ${state} is not in use here; get the state of ${target.name} before merging.`,
        { argument: 'fork' },
      );
    const reader = definitionReader(definition, fork, context.keys);
    const valueAt = async (at: number): Promise<unknown> => {
      const loaded = await context.store.load(eid, state, at);
      if (!loaded)
        throw new HoldfastError('NOT_FOUND', `Version ${at} of ${state} of ${fork.name} is not kept any more.`, {
          what: `version ${at} of ${state}`,
        });
      const { value, defVersion } = replay(loaded);
      await reader.secrets?.load();
      return reader.read(value, defVersion, at);
    };
    const participant = { definition, cell: target.cell(state, definitionReader(definition, target, context.keys)) };
    branches.push({ participant, base: isNew ? definition.initial : await valueAt(baseVersion), theirs: await valueAt(version) });
  }
  return branches;
}

async function refuseSimulated({ store }: EngineContext, fork: EntityCell, state: string): Promise<void> {
  for await (const { record } of keptVersions(store, fork.eid as number, state)) {
    if (!record.flags?.includes('simulated')) continue;
    throw new HoldfastError(
      'RESTORE_REFUSED',
      `${state} of ${fork.name} was changed together with a simulated effect (version ${record.version}), which never happened; it cannot be merged.`,
      {
        entity: fork.name,
        checkpoint: fork.name,
        bound: [state],
      },
    );
  }
}

function mergeInto(draft: unknown, { participant, base, theirs }: Branch, resolve: MergeOptions['resolve']): readonly StateConflict[] {
  const ours = detach(draft);
  const { value, conflicts } = mergeThreeWay(base, ours, theirs);
  applyPatches(draft, difference(ours, value));
  const reported = conflicts.map((conflict) => ({ ...conflict, state: participant.definition.name }));
  if (resolve) applyPatches(draft, reported.map((conflict) => resolution(conflict, resolve(conflict))).toReversed());
  return reported;
}

function resolution({ path, ours }: StateConflict, value: unknown): Patch {
  if (value === undefined) return { op: 'remove', path };
  return { op: ours === undefined ? 'add' : 'replace', path, value };
}
