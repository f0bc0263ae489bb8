import type { ListEdit } from './list-edits.ts';

/** A record or a list, under either kind of key. */
export type Container = Record<PropertyKey, unknown> & unknown[];

/** What a draft made of a node in its place, and where it holds something else than before: only there are patches to be made and checks due. */
export interface ChangedNode {
  readonly base: Container;
  readonly value: Container;
  /** Its key or index in what it is kept in. */
  readonly key: string | number;
  /** Changed nodes below that still are where they were. */
  readonly kept: readonly ChangedNode[];
  /** Keys and indices that hold something else than before, or nothing any more. */
  readonly replaced: readonly PropertyKey[];
  /** Those of them that stand behind all other keys now, though the base has them. */
  readonly readded?: ReadonlySet<PropertyKey> | undefined;
  /** Of a list: what was put in and taken out. */
  readonly edits: readonly ListEdit[];
}
