import type { SQLInputValue } from 'node:sqlite';
import { prefixEnd, type ItemFilter, type ItemRecord } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { toItem, type ItemRow } from './rows.ts';

export function readItems(db: Connection, { eid, collection, prefix }: ItemFilter, after: { eid: number; key: string } | undefined, limit: number): readonly ItemRecord[] {
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
  const rows = db.all<ItemRow>(`SELECT * FROM item INDEXED BY item_by_collection WHERE ${conditions.join(' AND ')} ORDER BY eid, key LIMIT ?`, ...values, limit);
  return rows.map(toItem);
}
