import type { SQLInputValue } from 'node:sqlite';
import { damaged, prefixEnd, type ItemFilter, type ItemRecord } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { toItem, type ItemRow } from './rows.ts';

/**
 * Reads the keys a second time, of one entity in the other order of the key: so that none goes missing unnoticed. Of all entities a
 * damaged index could still hide an item.
 */
export function readItems(
  db: Connection,
  { eid, collection, prefix }: ItemFilter,
  after: { eid: number; key: string } | undefined,
  limit: number,
): readonly ItemRecord[] {
  const conditions = ['collection = ?'];
  const values: SQLInputValue[] = [collection];
  const add = (condition: string, ...more: readonly SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (eid !== undefined) add('eid = ?', eid);
  if (prefix) add('key >= ?', prefix);
  const end = prefix && prefixEnd(prefix);
  if (end) add('key < ?', end);
  if (after) add('(eid, key) > (?, ?)', after.eid, after.key);
  const where = `WHERE ${conditions.join(' AND ')} ORDER BY eid, key LIMIT +?`;
  const source = eid === undefined ? 'item INDEXED BY item_by_collection' : 'item NOT INDEXED';
  const items = db.all<ItemRow>(`SELECT * FROM ${source} ${where}`, ...values, limit).map(toItem);
  const keys = db.all<{ key: string }>(`SELECT key FROM item INDEXED BY item_by_collection ${where}`, ...values, limit);
  if (keys.length !== items.length || keys.some(({ key }, index) => key !== items[index]?.key))
    throw damaged(`the collection ${collection}`);
  return items;
}
