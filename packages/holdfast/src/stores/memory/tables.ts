import { randomUUID } from 'node:crypto';
import {
  compareText,
  type Change,
  type CommitMeta,
  type Drop,
  type EntityRecord,
  type ItemRecord,
  type Snapshot,
} from '../../store/index.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { SortedMap } from './sorted-map.ts';

export interface StateRows {
  head: number;
  readonly changes: Map<number, Change>;
  readonly snapshots: Map<number, Snapshot>;
}

export interface CommitRow {
  readonly seq: number;
  readonly commitId: string;
  readonly at: number;
  readonly meta: CommitMeta;
  /** Names of changes; the rows themselves are those of the states, so that pruning and dropping reach them. */
  readonly changes: readonly { readonly eid: number; readonly state: string; readonly version: number }[];
  readonly drops: readonly Drop[];
}

type ItemsOfEntity = SortedMap<string, ItemRecord>;

const byNumber = (a: number, b: number): number => a - b;

/** Everything that the store keeps. Writes made through the methods can be taken back by {@link Tables.rollback} until {@link Tables.keep}. */
export class Tables {
  readonly storeId: string;
  readonly entities: Map<number, EntityRecord> = new Map();
  /** Eids by scope, NUL, id: NUL sorts before every character of a name. */
  readonly names: SortedMap<string, number> = new SortedMap(compareText);
  /** Those of `names` that have a parent or a subject, by it. */
  readonly children: Map<number, SortedMap<string, number>> = new Map();
  readonly ofSubject: Map<string, SortedMap<string, number>> = new Map();
  /** The log; `seq` is the index + 1. */
  readonly commits: CommitRow[] = [];
  readonly seqs: Map<string, number> = new Map();
  /** By eid: the seqs of the commits that changed the entity, in order; those of pruned changes too. */
  readonly changedAt: Map<number, number[]> = new Map();
  readonly states: Map<number, SortedMap<string, StateRows>> = new Map();
  readonly items: Map<string, SortedMap<number, ItemsOfEntity>> = new Map();
  readonly expiringEntities: ExpiryQueue<number> = new ExpiryQueue((eid, at) => this.entities.get(eid)?.expiresAt === at);
  readonly expiringItems: ExpiryQueue<ItemRecord> = new ExpiryQueue((item) => this.item(item.eid, item.collection, item.key) === item);
  #lastEid = 0;
  #undo: (() => void)[] = [];

  constructor(storeId: string = randomUUID()) {
    this.storeId = storeId;
  }

  item(eid: number, collection: string, key: string): ItemRecord | undefined {
    return this.items.get(collection)?.get(eid)?.get(key);
  }

  addEntity(entity: Omit<EntityRecord, 'eid'>): number {
    const eid = this.#lastEid + 1;
    this.insertEntity({ ...entity, eid });
    return eid;
  }

  /** Adds an entity that has its eid. */
  insertEntity(entity: EntityRecord): void {
    const { eid } = entity;
    this.useEid(eid);
    this.putEntity(entity);
    for (const names of this.#nameMaps(entity)) this.#set(names, nameOf(entity), eid);
    this.#set(this.states, eid, new SortedMap<string, StateRows>(compareText));
    this.#set(this.changedAt, eid, []);
  }

  /** Never gives this eid to an entity, nor one before it. */
  useEid(eid: number): void {
    const before = this.#lastEid;
    this.#undo.push(() => {
      this.#lastEid = before;
    });
    this.#lastEid = Math.max(before, eid);
  }

  putEntity(entity: EntityRecord): void {
    this.#set(this.entities, entity.eid, entity);
    if (entity.expiresAt !== undefined) this.expiringEntities.add(entity.expiresAt, entity.eid);
  }

  /** Deletes the entity with everything it has. */
  dropEntity(entity: EntityRecord): Drop {
    const { eid, scope, id } = entity;
    this.#delete(this.entities, eid);
    for (const names of this.#nameMaps(entity)) this.#delete(names, nameOf(entity));
    if (entity.parent !== undefined && this.children.get(entity.parent)?.size === 0) this.#delete(this.children, entity.parent);
    if (entity.subject !== undefined && this.ofSubject.get(entity.subject)?.size === 0) this.#delete(this.ofSubject, entity.subject);
    this.#delete(this.states, eid);
    this.#delete(this.changedAt, eid);
    for (const entities of this.items.values()) this.#delete(entities, eid);
    return { eid, scope, id };
  }

  addChange(change: Change): void {
    const states = this.states.get(change.eid) as SortedMap<string, StateRows>;
    const rows = states.get(change.state) ?? { head: 0, changes: new Map<number, Change>(), snapshots: new Map<number, Snapshot>() };
    this.#set(states, change.state, rows);
    const { head } = rows;
    this.#undo.push(() => {
      rows.head = head;
    });
    rows.head = change.version;
    this.#set(rows.changes, change.version, change);
  }

  putItem(item: ItemRecord): void {
    const entities = this.items.get(item.collection) ?? new SortedMap<number, ItemsOfEntity>(byNumber);
    this.#set(this.items, item.collection, entities);
    const items = entities.get(item.eid) ?? new SortedMap<string, ItemRecord>(compareText);
    this.#set(entities, item.eid, items);
    this.#set(items, item.key, item);
    if (item.expiresAt !== undefined) this.expiringItems.add(item.expiresAt, item);
  }

  deleteItem(eid: number, collection: string, key: string): void {
    const entities = this.items.get(collection);
    const items = entities?.get(eid);
    if (!entities || !items) return;
    this.#delete(items, key);
    if (items.size === 0) this.#delete(entities, eid);
  }

  addCommit(row: CommitRow): void {
    this.commits.push(row);
    this.#undo.push(() => {
      this.commits.pop();
    });
    this.#set(this.seqs, row.commitId, row.seq);
    for (const eid of new Set(row.changes.map((change) => change.eid))) this.#addChangedAt(eid, row.seq);
  }

  #addChangedAt(eid: number, seq: number): void {
    const seqs = this.changedAt.get(eid);
    seqs?.push(seq);
    this.#undo.push(() => void seqs?.pop());
  }

  keep(): void {
    this.#undo = [];
    this.expiringEntities.tidy();
    this.expiringItems.tidy();
  }

  rollback(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#undo = [];
  }

  /** The maps that lead to the entity by its name. */
  #nameMaps({ parent, subject }: Omit<EntityRecord, 'eid'>): readonly SortedMap<string, number>[] {
    return [
      this.names,
      ...(parent === undefined ? [] : [this.#namesIn(this.children, parent)]),
      ...(subject === undefined ? [] : [this.#namesIn(this.ofSubject, subject)]),
    ];
  }

  #namesIn<K>(maps: Map<K, SortedMap<string, number>>, key: K): SortedMap<string, number> {
    const names = maps.get(key) ?? new SortedMap<string, number>(compareText);
    this.#set(maps, key, names);
    return names;
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const [wasThere, before] = [map.has(key), map.get(key)];
    this.#undo.push(() => (wasThere ? map.set(key, before as V) : map.delete(key)));
    map.set(key, value);
  }

  #delete<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return;
    const before = map.get(key) as V;
    this.#undo.push(() => map.set(key, before));
    map.delete(key);
  }
}

function nameOf({ scope, id }: { scope: string; id: string }): string {
  return `${scope}\u0000${id}`;
}
