import { difference } from '../../src/cow/difference.ts';
import { isPlain } from '../../src/cow/json.ts';
import type { Patch } from '../../src/cow/patch.ts';
import type { OpenDraft } from '../../src/cow/draft.ts';

/**
 * Stands in for src/cow/draft.ts in the project `holdfast without sharing`: a draft is a deep copy, its patches are found by comparing. Slow and
 * simple, so that what the engine's tests say must not depend on which nodes are shared.
 */

export function openDraft(base: object): OpenDraft {
  const draft = copy(base);
  return {
    draft,
    finish: () => {
      const next = copy(draft);
      return { next, patches: patchesBetween(base, next), changed: undefined };
    },
  };
}

export function detach(value: unknown): unknown {
  return copy(value);
}

/** The values in patches are copies too: nothing of them is shared with the value. */
function patchesBetween(from: unknown, to: unknown): readonly Patch[] {
  return difference(from, to).map((patch) => copy(patch) as Patch);
}

function copy(value: unknown, depth = 0): unknown {
  // Deeper is a value that refers to itself, which the engine refuses.
  if (depth > 600) return value;
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  const copied = Object.create(Object.getPrototypeOf(value) as object | null) as Record<PropertyKey, unknown>;
  for (const key of Reflect.ownKeys(value))
    Object.defineProperty(copied, key, {
      value: copy((value as Record<PropertyKey, unknown>)[key], depth + 1),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return copied;
}
