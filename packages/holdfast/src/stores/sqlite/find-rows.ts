import { damaged, type EntityRecord, type ItemRecord } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { headSum, isHeadSound, toEntity, toItem, type EntityRow, type HeadRow, type ItemRow } from './rows.ts';

/** Single records by key, within a transaction. That something is not there is believed only when a second B-tree says so too. */
export function findEntity(db: Connection, scope: string, id: string): EntityRecord | undefined {
  const row = db.get<EntityRow>('SELECT * FROM entity INDEXED BY entity_by_name WHERE scope = ? AND id = ?', scope, id);
  if (row?.scope === scope && row.id === id) return toEntity(row);
  if (row || db.get('SELECT eid FROM entity INDEXED BY entity_by_id WHERE id = ? AND scope = ?', id, scope))
    throw damaged(`the entity ${scope}:${id}`);
  return undefined;
}

export function findEntityByEid(db: Connection, eid: number): EntityRecord | undefined {
  const row = db.get<EntityRow>('SELECT * FROM entity WHERE eid = ?', eid);
  if (row) return toEntity(row);
  if (db.get('SELECT state FROM head WHERE eid = ? LIMIT 1', eid)) throw damaged(`the entity with eid ${eid}`);
  return undefined;
}

export interface HeadVersions {
  /** The newest version; 0 when the state has none. */
  readonly version: number;
  /** The first version whose change is kept. */
  readonly oldest: number;
}

export function findHead(db: Connection, eid: number, state: string): HeadVersions {
  const row = db.get<HeadRow>('SELECT * FROM head WHERE eid = ? AND state = ?', eid, state);
  if (row && isHeadSound(row) && row.eid === eid && row.state === state) return { version: row.version, oldest: row.oldest };
  if (row || db.get('SELECT version FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? LIMIT 1', eid, state)) {
    throw damaged(`the head of the state ${state} of the entity with eid ${eid}`);
  }
  return { version: 0, oldest: 1 };
}

export function findItem(db: Connection, eid: number, collection: string, key: string): ItemRecord | undefined {
  const row = db.get<ItemRow>('SELECT * FROM item WHERE eid = ? AND collection = ? AND key = ?', eid, collection, key);
  if (row) return toItem(row);
  if (db.get('SELECT eid FROM item INDEXED BY item_by_collection WHERE collection = ? AND eid = ? AND key = ?', collection, eid, key)) {
    throw damaged(`the item ${key} of the collection ${collection} of the entity with eid ${eid}`);
  }
  return undefined;
}

export function writeHead(db: Connection, head: Omit<HeadRow, 'sum'>): void {
  db.run(
    'INSERT OR REPLACE INTO head (eid, state, version, oldest, sum) VALUES (?, ?, ?, ?, ?)',
    head.eid,
    head.state,
    head.version,
    head.oldest,
    headSum(head),
  );
}
