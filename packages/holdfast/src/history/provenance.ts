import { applyPatches, type Patch } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import type { CommitMeta, LoggedChange, Store } from '../store/index.ts';
import { replay } from './replay.ts';

/** One version of a state and the commit that made it. */
export interface VersionRecord extends CommitMeta {
  readonly version: number;
  /** Place of the commit in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

/** The commit that last changed a path. */
export interface Blame extends VersionRecord {
  /** Older versions are no longer kept: the change was made by this version or an earlier one. */
  readonly isAtOrBefore: boolean;
}

interface KeptVersion {
  readonly record: VersionRecord;
  readonly change: LoggedChange;
}

const PAGE = 500;

/** The versions of a state whose commits are kept, oldest first. */
export async function* keptVersions(store: Store, eid: number, state: string): AsyncGenerator<KeptVersion, void, undefined> {
  for (let since = 0; ;) {
    const page = await store.log(since, { eid, state }, PAGE);
    for (const { changes, drops: _, commitId: __, ...meta } of page.commits) {
      for (const change of changes) yield { record: { ...meta, version: change.version }, change };
    }
    if (page.seq <= since) return;
    since = page.seq;
  }
}

/**
 * The commit that last changed what is at `path`; undefined when no kept version did and none is missing. Costs a walk over the kept history.
 * Values are compared as they were recorded.
 */
export async function blamePath(store: Store, eid: number, state: string, path: readonly (string | number)[]): Promise<Blame | undefined> {
  let value: unknown;
  let seen: string | undefined;
  let last: Blame | undefined;
  for await (const { record, change } of keptVersions(store, eid, state)) {
    const isFirst = value === undefined;
    const isAtOrBefore = isFirst && change.version > 1;
    value = isFirst ? await firstValue(store, change) : advanced(value, change);
    const now = JSON.stringify(valueAt(value, path));
    if (isFirst ? now !== undefined : now !== seen) last = { ...record, isAtOrBefore };
    seen = now;
  }
  return last;
}

/**
 * The first kept version at which `holds` is false, found by halving: it supposes that what broke stayed broken. Undefined when it holds at the head.
 * `valueOf` reads a version.
 */
export async function bisectVersions(options: {
  store: Store;
  eid: number;
  state: string;
  valueOf: (version: number) => Promise<unknown>;
  holds: (value: unknown) => boolean;
}): Promise<VersionRecord | undefined> {
  const { store, eid, state, valueOf, holds } = options;
  const kept: VersionRecord[] = [];
  for await (const { record } of keptVersions(store, eid, state)) kept.push(record);
  const head = kept.at(-1);
  if (!head || holds(await valueOf(head.version))) return undefined;
  let good = -1;
  let bad = kept.length - 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (holds(await valueOf((kept[middle] as VersionRecord).version))) good = middle;
    else bad = middle;
  }
  return kept[bad];
}

async function firstValue(store: Store, change: LoggedChange): Promise<unknown> {
  if (change.kind === 'full') return JSON.parse(change.body) as unknown;
  const loaded = await store.load(change.eid, change.state, change.version);
  if (!loaded)
    throw new HoldfastError('CORRUPT_STATE', `Version ${change.version} of ${change.state} is in the log but cannot be built.`, {
      what: `${change.state} version ${change.version}`,
    });
  return replay(loaded).value;
}

function advanced(value: unknown, { kind, body }: LoggedChange): unknown {
  if (kind === 'full') return JSON.parse(body) as unknown;
  applyPatches(value, JSON.parse(body) as Patch[]);
  return value;
}

/** What is at a path; undefined where it leads nowhere. */
function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let node = root;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  return node;
}
