import type { ListEdit } from './list-edits.ts';

/** A record or a list, under either kind of key. */
export type Container = Record<PropertyKey, unknown> & unknown[];

/** What a draft made of a node in its place, and where it holds something else than before: only there are patches to be made and checks due. */
export interface ChangedNode {
  readonly base: Container;
  readonly value: Container;
  /** Changed nodes below that still are where they were, with the key or index that they have now. */
  readonly kept: readonly (readonly [string | number, ChangedNode])[];
  /** Keys and indices that hold something else than before, or nothing any more. */
  readonly replaced: readonly PropertyKey[];
  /** Of a list: what was put in and taken out. */
  readonly edits: readonly ListEdit[];
}
