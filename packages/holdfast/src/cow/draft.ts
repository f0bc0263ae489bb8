import type { ChangedNode } from './changed-node.ts';
import { addPatches, finishedValue } from './draft-result.ts';
import { DraftState, stateOf } from './draft-state.ts';
import { listTraps, recordTraps } from './draft-traps.ts';
import { isPlain } from './json.ts';
import type { Patch } from './patch.ts';

/** A value of which a recipe may change anything, all the way down. What says itself how it is written as JSON is left as it is: a `Secret`. */
export type Draft<T> = T extends { toJSON(): unknown }
  ? T
  : T extends (infer Item)[] | readonly (infer Item)[]
    ? T extends readonly [unknown, ...unknown[]]
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : Draft<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : T;

/** A draft under way: `finish` gives the next value, which shares every node that did not change, and the patches that lead there. */
export interface OpenDraft {
  readonly draft: unknown;
  /** Ends the draft; using it afterwards throws. No patches means that nothing changed, and that the value is the one before. */
  finish(this: void): FinishedDraft;
}

export interface FinishedDraft {
  readonly next: unknown;
  readonly patches: readonly Patch[];
  /** For `freezeJson`: spares it what was checked before. Undefined when nothing changed. */
  readonly changed: ChangedNode | undefined;
}

/**
 * Opens a draft over a frozen record or list, which stays as it is. Costs what is changed: a node is copied when something in it is written or
 * drafted. Callbacks of `find`, `filter`, `map`, `reduce`, `some`, `every` and the like see items as they are, frozen; what `find` and `filter` give,
 * and what a loop or an index reaches, may be changed.
 */
export function openDraft(base: object): OpenDraft {
  const scope = { isOpen: true, recordTraps, listTraps };
  const root = new DraftState(base, scope);
  return {
    draft: root.proxy,
    finish: () => {
      scope.isOpen = false;
      const next = finishedValue(root);
      const { changed } = root;
      const patches: Patch[] = [];
      if (changed) addPatches(changed, patches);
      return { next, patches, changed };
    },
  };
}

/** A copy of what a recipe returned in which every draft is replaced by its value of this moment, so that it outlives the draft. */
export function detach(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const state = stateOf(value);
  if (state && !state.isModified) return state.base;
  const node = state ? state.latest : value;
  if (Array.isArray(node)) return (node as unknown[]).map(detach);
  if (!isPlain(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, detach(inner)]));
}
