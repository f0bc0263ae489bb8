import type { EntityCell } from '../commit/index.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import { COLLECTION, type EntityRecord, type ItemRecord, type Store } from '../store/index.ts';
import { existing, type HistoryContext } from './history-context.ts';

const PAGE = 500;

/** Where a fork left its original. */
export interface Branch {
  readonly from: EntityAddress;
  /** Of the original's states; those of the fork go on from them. */
  readonly versions: Readonly<Record<string, number>>;
  /** Name of the checkpoint that it was forked from. */
  readonly checkpoint?: string;
}

export interface Fork {
  readonly entity: EntityAddress;
  readonly branch: Branch;
  /** Place of the fork's first commit in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

/** An entity with its forks, their forks, and so on. */
export interface ForkTree {
  readonly entity: EntityAddress;
  /** Of its states, now. */
  readonly versions: Readonly<Record<string, number>>;
  /** Of a fork; at the root of a tree the original was deleted. */
  readonly branch?: Branch;
  /** When it was forked, epoch ms; not known at the root. */
  readonly at?: number;
  /** Oldest first. */
  readonly forks: readonly ForkTree[];
}

/** The entity that two others come from. */
export interface CommonAncestor {
  readonly entity: EntityAddress;
  /** The last versions that both have in common. */
  readonly versions: Readonly<Record<string, number>>;
  /** Whether it was deleted since. */
  readonly isGone: boolean;
}

/** What the item of a fork on its original holds. */
export interface ForkBody {
  readonly versions: Readonly<Record<string, number>>;
  readonly checkpoint?: string;
  readonly at: number;
}

/** The entity's direct forks that exist, oldest first. Costs a look at each that was made and not deleted by hand. */
export async function listForks(context: HistoryContext, entity: EntityCell): Promise<readonly Fork[]> {
  const eid = await existing(context, entity);
  return (await forksOf(context.store, { eid, scope: entity.scope, id: entity.id })).map(({ fork }) => fork);
}

/** The whole tree that the entity is in, from its oldest ancestor that exists. Costs what the tree has. */
export async function forkTree(context: HistoryContext, entity: EntityCell): Promise<ForkTree> {
  await existing(context, entity);
  let root = (await context.store.entity(entity.scope, entity.id)) as EntityRecord;
  for (let source = await sourceOf(context.store, root); source; source = await sourceOf(context.store, root)) root = source;
  return await treeOf(context.store, root, undefined);
}

/** Where the histories of two entities part; undefined when neither comes from the other, nor both from a third. */
export async function commonAncestor(context: HistoryContext, a: EntityCell, b: EntityCell): Promise<CommonAncestor | undefined> {
  const [left, right] = [await lineage(context, a), await lineage(context, b)];
  for (const { eid, entity, versions, isGone } of left) {
    const other = right.find((each) => each.eid === eid);
    if (!other) continue;
    const common = Object.entries(versions).flatMap(([state, version]): [string, number][] => {
      const theirs = Object.hasOwn(other.versions, state) ? other.versions[state] : undefined;
      return theirs === undefined ? [] : [[state, Math.min(version, theirs)]];
    });
    return { entity, versions: Object.fromEntries(common), isGone };
  }
  return undefined;
}

interface Ancestor {
  readonly eid: number;
  readonly entity: EntityAddress;
  /** Where the line left it; of the entity itself, its heads. */
  readonly versions: Readonly<Record<string, number>>;
  readonly isGone: boolean;
}

/** The entity and those it comes from, up to the first that is gone. */
async function lineage(context: HistoryContext, entity: EntityCell): Promise<readonly Ancestor[]> {
  const { store } = context;
  const eid = await existing(context, entity);
  const line: Ancestor[] = [{ eid, entity: addressOf(entity), versions: await headVersions(store, eid), isGone: false }];
  let record: EntityRecord | undefined = await store.entity(entity.scope, entity.id);
  while (record?.origin) {
    const { origin, scope }: EntityRecord = record;
    const source = await sourceOf(store, record);
    const address = addressOf({ scope, id: origin.id });
    line.push({ eid: origin.eid, entity: address, versions: origin.versions, isGone: source === undefined });
    record = source;
  }
  return line;
}

async function treeOf(store: Store, record: EntityRecord, at: number | undefined): Promise<ForkTree> {
  const forks: ForkTree[] = [];
  for (const found of await forksOf(store, record)) forks.push(await treeOf(store, found.record, found.fork.at));
  const { origin } = record;
  return {
    entity: addressOf(record),
    versions: await headVersions(store, record.eid),
    ...(origin && { branch: branchOf(addressOf({ scope: record.scope, id: origin.id }), origin) }),
    ...(at !== undefined && { at }),
    forks,
  };
}

async function forksOf(
  store: Store,
  source: Pick<EntityRecord, 'eid' | 'scope' | 'id'>,
): Promise<readonly { readonly fork: Fork; readonly record: EntityRecord }[]> {
  const { eid, scope } = source;
  const found = [];
  for (let after: ItemRecord | undefined; ;) {
    const page: readonly ItemRecord[] = await store.items({ eid, collection: COLLECTION.fork }, after, PAGE);
    for (const { key, rev, body } of page) {
      const record = await store.entity(scope, key);
      // Deleted since; what has its id now may be no fork at all.
      if (record?.origin?.eid !== eid) continue;
      const { at, ...branch } = JSON.parse(body) as ForkBody;
      found.push({ record, fork: { entity: addressOf(record), branch: branchOf(addressOf(source), branch), seq: rev, at } });
    }
    after = page.at(-1);
    if (page.length < PAGE) return found.toSorted((a, b) => a.fork.seq - b.fork.seq);
  }
}

/** What the entity is a fork of, if that exists. */
async function sourceOf(store: Store, { scope, origin }: EntityRecord): Promise<EntityRecord | undefined> {
  const source = origin && (await store.entity(scope, origin.id));
  return source?.eid === origin?.eid ? source : undefined;
}

async function headVersions(store: Store, eid: number): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await store.heads(eid)).map(({ state, version }) => [state, version]));
}

function branchOf(from: EntityAddress, { versions, checkpoint }: Omit<Branch, 'from'>): Branch {
  return { from, versions, ...(checkpoint !== undefined && { checkpoint }) };
}

function addressOf({ scope, id }: { readonly scope: string; readonly id: string }): EntityAddress {
  return { scope: scope as Scope, id };
}
