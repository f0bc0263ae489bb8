import type { Patch } from '../cow/index.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import { parseShown } from '../secret/index.ts';
import type { CommitMeta, Drop, LoggedChange, LoggedCommit } from '../store/index.ts';

/** A commit as the feed gives it. */
export interface CommitEvent extends CommitMeta {
  /** Its place in the log: pass it as `since` to go on behind it. */
  readonly seq: number;
  readonly commitId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly changes: readonly ChangeEvent[];
  /** Entities that it deleted. */
  readonly drops: readonly Drop[];
}

/** `patches` against the version before, or the whole `value`; secrets in them are their fingerprints. */
export type ChangeEvent = EntityAddress & { readonly state: string; readonly version: number } & (
    | { readonly patches: readonly Patch[] }
    | { readonly value: unknown }
  );

/** What a commit of the log looks like to a reader: parsed, and without its secrets. */
export function commitEvent({ changes, ...commit }: LoggedCommit): CommitEvent {
  return { ...commit, changes: changes.map(changeEvent) };
}

function changeEvent({ scope, id, state, version, kind, body }: LoggedChange): ChangeEvent {
  const address = { scope: scope as Scope, id, state, version };
  return kind === 'patch' ? { ...address, patches: parseShown(body) as Patch[] } : { ...address, value: parseShown(body) };
}
