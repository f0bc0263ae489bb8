import type { Patch } from '../cow/index.ts';
import { replay } from '../history/replay.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import { parseShown } from '../secret/index.ts';
import type { CommitMeta, Drop, LoggedChange, LoggedCommit, Store } from '../store/index.ts';

/** A commit as the feed gives it. */
export interface CommitEvent extends CommitMeta {
  /** Its place in the log: pass it as `since` to go on behind it. */
  readonly seq: number;
  readonly commitId: string;
  /** Epoch ms. */
  readonly at: number;
  /** Those of its changes that are still kept. */
  readonly changes: readonly ChangeEvent[];
  /** Entities that it deleted. */
  readonly drops: readonly Drop[];
}

/**
 * `patches` against the version before, or the whole `value`; secrets in them are their fingerprints. A `reset` is given where the log does not keep the
 * change before any more: it stands for all versions of the state up to its own, and what a reader has of the state is replaced by it.
 */
export type ChangeEvent = EntityAddress & { readonly state: string; readonly version: number } & (
    | { readonly patches: readonly Patch[] }
    | { readonly value: unknown; readonly reset?: true }
  );

/**
 * What a commit of the log looks like to a reader: parsed, without its secrets, and with a reset for every change that begins what is kept of its state.
 * Undefined when such a change was pruned or deleted since the log was read: read it again.
 */
export async function commitEvent(store: Store, { changes, ...commit }: LoggedCommit): Promise<CommitEvent | undefined> {
  const events: ChangeEvent[] = [];
  for (const change of changes) {
    const event = change.isOldest ? await oldestEvent(store, change) : changeEvent(change);
    if (!event) return undefined;
    events.push(event);
  }
  return { ...commit, changes: events };
}

function changeEvent(change: LoggedChange): ChangeEvent {
  const { kind, body } = change;
  if (kind === 'patch') return { ...addressOf(change), patches: parseShown(body) as Patch[] };
  return { ...addressOf(change), value: parseShown(body) };
}

async function oldestEvent(store: Store, change: LoggedChange): Promise<ChangeEvent | undefined> {
  const { eid, state, version, kind } = change;
  if (kind === 'full') {
    const origin = (await store.entityByEid(eid))?.origin;
    // A fork begins there: nothing is missing before it.
    const isFirst = origin?.versions[state] === version - 1;
    return { ...addressOf(change), value: parseShown(change.body), ...(!isFirst && { reset: true }) };
  }
  const loaded = await store.load(eid, state, version);
  return loaded && { ...addressOf(change), value: parseShown(JSON.stringify(replay(loaded).value)), reset: true };
}

function addressOf({ scope, id, state, version }: LoggedChange): Pick<ChangeEvent, 'scope' | 'id' | 'state' | 'version'> {
  return { scope: scope as Scope, id, state, version };
}
