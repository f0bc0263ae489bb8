/**
 * What a store offers whose states people can edit outside of the engine. The store notices edits and says what they are; the engine makes a commit of each, merged
 * with what was committed since. Until an edit is settled, the store shows nothing newer of its state.
 */
export interface OutsideEdits {
  /** Calls back when `pending` has grown, or something in it is worth another try. It must not throw. Returns the unsubscriber. */
  signal(callback: () => void): () => void;
  /** Edits that the engine has not settled yet. */
  pending(): readonly OutsideEdit[];
  /** Looks at one state now: what was saved before is in `pending` afterwards, unless it makes no sense. */
  look(state: OutsideState): Promise<void>;
  settle(edit: OutsideEdit, outcome: EditOutcome): Promise<void>;
}

export interface OutsideState {
  readonly scope: string;
  readonly id: string;
  readonly state: string;
}

/** JSON of a value in the shape of a version of its definition. */
export interface RecordedBody {
  readonly defVersion: number;
  readonly body: string;
}

export interface OutsideEdit extends OutsideState {
  /** Another one for each edit, and the same in every process that has noticed it. */
  readonly key: string;
  /** What it was made from; absent when the state had no version. */
  readonly base?: RecordedBody;
  readonly edited: RecordedBody;
}

/** `committed` also when nothing had to change; `conflicts` are places where the engine's value stayed. A `refused` edit is not offered again. */
export type EditOutcome =
  | { readonly kind: 'committed'; readonly conflicts: readonly EditPlace[] }
  | { readonly kind: 'refused'; readonly message: string; readonly places: readonly EditPlace[] };

/** A path in the state. */
export type EditPlace = readonly (string | number)[];
