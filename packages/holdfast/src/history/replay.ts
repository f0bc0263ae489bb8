import { applyPatches, type Patch } from '../cow/index.ts';
import { lengthOf, parsedPatches, type LoadedState } from '../store/index.ts';

/** A stored value in its recorded shape. */
export interface ReplayedState {
  readonly version: number;
  readonly defVersion: number;
  /** Fresh from JSON.parse: nobody else holds it. */
  readonly value: unknown;
  /** Characters of the base and of the patches behind it. */
  readonly baseBytes: number;
  readonly patchBytes: number;
  readonly patchCount: number;
}

/** Builds a state from its newest full value and the patches behind it, in place. Costs one parse of each run of patches. */
export function replay(loaded: LoadedState): ReplayedState {
  const { base, patches } = loaded;
  const value: unknown = JSON.parse(base.body);
  let patchBytes = 0;
  let patchCount = 0;
  for (const run of patches) {
    patchBytes += lengthOf(run);
    patchCount += run.count;
    for (const each of parsedPatches(run)) applyPatches(value, each as Patch[]);
  }
  const last = patches.at(-1) ?? base;
  return { version: last.version, defVersion: last.defVersion, value, baseBytes: base.body.length, patchBytes, patchCount };
}
