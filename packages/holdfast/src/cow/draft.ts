import { create, current, isDraft } from 'mutative';
import { applyPatches, type Patch } from './patch.ts';

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
  /** Ends the draft; using it afterwards throws. No patches means that nothing changed. */
  finish(): { readonly next: unknown; readonly patches: readonly Patch[] };
}

/** Opens a draft over a frozen object or array, which stays as it is. */
export function openDraft(base: object): OpenDraft {
  const [draft, finalize] = create(base as Record<string, unknown>, { enablePatches: true, enableAutoFreeze: false });
  return {
    draft,
    finish: () => {
      const [next, patches] = finalize();
      return { next, patches };
    },
  };
}

/** The value after the patches; what they do not touch is shared with `base`. */
export function patched(base: object, patches: readonly Patch[]): unknown {
  const open = openDraft(base);
  applyPatches(open.draft, patches);
  return open.finish().next;
}

/** A copy of what a recipe returned in which every draft is replaced by its value of this moment, so that it outlives the draft. */
export function detach(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDraft(value)) return current(value);
  if (Array.isArray(value)) return value.map(detach);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, detach(inner)]));
}
