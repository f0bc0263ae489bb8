import type { StateConflict } from 'holdfast';
import { isDeepStrictEqual } from 'node:util';
import type { Journal } from './journal.ts';

/** How a place that both branches have changed is to be: as here, or as in the fork. */
export interface Resolved {
  readonly path: readonly (string | number)[];
  readonly take: 'ours' | 'theirs';
}

export interface BranchMerge {
  /** `conflicts`: nothing was merged. `nothing`: the fork has nothing that is new. `fast-forward`: only the fork had gone on. */
  readonly kind: 'fast-forward' | 'three-way' | 'nothing' | 'conflicts';
  /** Places that both have changed differently: those that stopped the merge, or that were resolved as told. */
  readonly conflicts: readonly StateConflict[];
}

/** Stops a merge in which a conflict is left. */
class Unresolved extends Error {}

/** Brings what a fork has come to back into its original. A conflict that nobody has resolved stops it. @throws {HoldfastError} as of `EntityHandle.merge`. */
export async function mergeBranch(into: Journal, fork: Journal, resolved: readonly Resolved[] = []): Promise<BranchMerge> {
  const forks = await into.entity.forks();
  const leftAt = forks.find(({ entity }) => entity.id === fork.id)?.branch.versions['journal'];
  await into.refresh();
  const isBehind = into.version === leftAt;
  const { conflicts, seq } = await into.entity.merge(fork.entity);
  if (conflicts.length === 0) return { kind: seq === 0 ? 'nothing' : isBehind ? 'fast-forward' : 'three-way', conflicts };
  const take = ({ path }: StateConflict): Resolved['take'] | undefined => resolved.find((each) => isDeepStrictEqual(each.path, path))?.take;
  if (!conflicts.every(take)) return { kind: 'conflicts', conflicts };
  try {
    const merged = await into.entity.merge(fork.entity, {
      resolve(conflict) {
        const side = take(conflict);
        // It came up meanwhile.
        if (side === undefined) throw new Unresolved('A conflict is left.');
        return conflict[side];
      },
    });
    return { kind: 'three-way', conflicts: merged.conflicts };
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return await mergeBranch(into, fork, resolved);
  }
}
