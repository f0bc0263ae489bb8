import {
  COLLECTION,
  type ImportPart,
  type ItemRecord,
  type LoadedState,
  type LoggedChange,
  type Snapshot,
  type Store,
} from '../store/index.ts';

/** A page begins with so many records and grows or shrinks with what they turn out to hold. */
const PAGE = 16;
const LARGEST_PAGE = 128;
/** Bytes of bodies that a page should have. */
const WANTED = 1_000_000;

/** Where the records of a store are walked on from. Their order is: entities, the log, whole values, items. */
export type RecordsPlace =
  | { readonly kind: 'entities'; readonly after?: { readonly scope: string; readonly id: string } }
  | { readonly kind: 'log'; readonly since: number }
  | { readonly kind: 'snapshots'; readonly after?: { readonly scope: string; readonly id: string } }
  | { readonly kind: 'items'; readonly collection: string; readonly after?: { readonly eid: number; readonly key: string } }
  | { readonly kind: 'end' };

export interface RecordsPart {
  readonly records: Omit<ImportPart, 'standing' | 'clear'>;
  /** Behind these records. */
  readonly place: RecordsPlace;
}

/**
 * Everything that a copy of the store needs, part by part, from a place on; two stores of the same content give the same records in the same order. Of
 * snapshots only what the log does not give: what the head of a state, its oldest change, the checkpoints that name it and the forks of it build on.
 * Costs a read of every record; holds one part in memory: about a megabyte, more where values grow suddenly, and never more than 128 commits or items.
 */
export async function* recordsOf(store: Store, from: RecordsPlace): AsyncGenerator<RecordsPart, void, undefined> {
  if (from.kind === 'entities') yield* entityParts(store, from.after);
  if (from.kind === 'entities' || from.kind === 'log') yield* logParts(store, from.kind === 'log' ? from.since : 0);
  if (from.kind !== 'items' && from.kind !== 'end') yield* snapshotParts(store, from.kind === 'snapshots' ? from.after : undefined);
  if (from.kind !== 'end') yield* itemParts(store, from.kind === 'items' ? from : undefined);
}

async function* entityParts(store: Store, from: { scope: string; id: string } | undefined): AsyncGenerator<RecordsPart, void, undefined> {
  for (let after = from; ;) {
    const entities = await store.entities({}, after, LARGEST_PAGE);
    const last = entities.at(-1);
    if (!last) return;
    after = { scope: last.scope, id: last.id };
    yield { records: { entities }, place: { kind: 'entities', after } };
  }
}

async function* logParts(store: Store, from: number): AsyncGenerator<RecordsPart, void, undefined> {
  const pace = new Pace();
  for (let since = from; ;) {
    const { commits, seq } = await store.log(since, {}, pace.limit);
    if (seq === since) return;
    since = seq;
    const changes = commits.flatMap((commit) => commit.changes);
    pace.took(bytesOf(changes));
    const snapshots = await basesOfOldest(store, changes);
    yield { records: { commits, snapshots }, place: { kind: 'log', since } };
  }
}

/** What the oldest changes that are kept are made against. */
async function basesOfOldest(store: Store, changes: readonly LoggedChange[]): Promise<readonly Snapshot[]> {
  const bases: Snapshot[] = [];
  for (const { eid, state, version, isOldest, kind } of changes) {
    const loaded = isOldest && kind === 'patch' ? await store.load(eid, state, version) : undefined;
    if (loaded) bases.push(baseOf(eid, state, loaded));
  }
  return bases;
}

async function* snapshotParts(
  store: Store,
  from: { readonly scope: string; readonly id: string } | undefined,
): AsyncGenerator<RecordsPart, void, undefined> {
  let snapshots: Snapshot[] = [];
  let after = from;
  for (;;) {
    const entities = await store.entities({}, after, PAGE);
    for (const { eid, scope, id, origin } of entities) {
      // A part may end in the middle of an entity: whoever goes on begins it again.
      for await (const snapshot of snapshotsOf(store, eid, origin)) {
        snapshots.push(snapshot);
        if (bytesOf(snapshots) < WANTED) continue;
        yield { records: { snapshots }, place: { kind: 'snapshots', ...(after && { after }) } };
        snapshots = [];
      }
      after = { scope, id };
    }
    if (!after || (entities.length === 0 && snapshots.length === 0)) return;
    yield { records: { snapshots }, place: { kind: 'snapshots', after } };
    snapshots = [];
  }
}

/** What the heads of an entity, its checkpoints and the beginning of a fork build on, each once. */
async function* snapshotsOf(
  store: Store,
  eid: number,
  origin: { readonly eid: number; readonly versions: Readonly<Record<string, number>> } | undefined,
): AsyncGenerator<Snapshot, void, undefined> {
  const pinned = await pinnedVersions(store, eid);
  for (const { state, version } of await store.heads(eid)) {
    const wanted = [...(pinned.get(state) ?? []), version].toSorted((a, b) => a - b);
    let last = 0;
    for (const each of new Set(wanted)) {
      const loaded = await store.load(eid, state, each);
      if (!loaded || loaded.base.version === last) continue;
      last = loaded.base.version;
      yield baseOf(eid, state, loaded);
    }
  }
  for (const [state, version] of Object.entries(origin?.versions ?? {})) {
    const loaded = origin && (await store.load(origin.eid, state, version));
    if (loaded) yield baseOf(origin.eid, state, loaded);
  }
}

/** By state: versions that checkpoints of the entity name. */
async function pinnedVersions(store: Store, eid: number): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const pinned = new Map<string, Set<number>>();
  for (let after: { eid: number; key: string } | undefined; ;) {
    const page = await store.items({ eid, collection: COLLECTION.checkpoint }, after, PAGE);
    for (const { body } of page) {
      const { versions } = JSON.parse(body) as { versions: Readonly<Record<string, number>> };
      for (const [state, version] of Object.entries(versions)) pinned.set(state, (pinned.get(state) ?? new Set()).add(version));
    }
    const last = page.at(-1);
    if (!last) return pinned;
    after = { eid, key: last.key };
  }
}

async function* itemParts(
  store: Store,
  from: { readonly collection: string; readonly after?: { readonly eid: number; readonly key: string } } | undefined,
): AsyncGenerator<RecordsPart, void, undefined> {
  const pace = new Pace();
  for (const collection of await collectionsOf(store)) {
    if (from && collection < from.collection) continue;
    for (let after = from?.collection === collection ? from.after : undefined; ;) {
      const items: readonly ItemRecord[] = await store.items({ collection }, after, pace.limit);
      const last = items.at(-1);
      if (!last) break;
      pace.took(bytesOf(items));
      after = { eid: last.eid, key: last.key };
      yield { records: { items }, place: { kind: 'items', collection, after } };
    }
  }
}

/** Every collection but that of leases, which are held in one store only. */
async function collectionsOf(store: Store): Promise<readonly string[]> {
  const { rows } = await store.usage();
  const names = new Set(
    rows.flatMap(({ kind, name }) => (kind === 'item' && name !== undefined && name !== COLLECTION.lease ? [name] : [])),
  );
  return [...names].toSorted();
}

function baseOf(eid: number, state: string, { base }: LoadedState): Snapshot {
  return { eid, state, version: base.version, defVersion: base.defVersion, body: base.body };
}

function bytesOf(records: readonly { readonly body: string }[]): number {
  return records.reduce((sum, { body }) => sum + body.length, 0);
}

/** How many records to ask for next. */
class Pace {
  limit = PAGE;

  took(bytes: number): void {
    if (bytes > 2 * WANTED) this.limit = Math.max(1, this.limit >> 2);
    else if (bytes < WANTED / 2) this.limit = Math.min(LARGEST_PAGE, this.limit * 2);
  }
}
