import type { ItemFilter, ItemRecord } from '../../store/index.ts';
import { Conditions } from './conditions.ts';
import type { Connection } from './connection.ts';
import { toItem, type ItemRow } from './rows.ts';

export async function findItem(db: Connection, eid: number, collection: string, key: string): Promise<ItemRecord | undefined> {
  const [row] = await db.read<ItemRow>('SELECT * FROM holdfast.item WHERE collection = $1 AND eid = $2 AND key = $3', [
    collection,
    eid,
    key,
  ]);
  return row && toItem(row);
}

export async function readItems(
  db: Connection,
  { eid, collection, prefix }: ItemFilter,
  after: { eid: number; key: string } | undefined,
  limit: number,
): Promise<readonly ItemRecord[]> {
  const where = new Conditions();
  where.add('collection = ?', collection);
  if (eid !== undefined) where.add('eid = ?', eid);
  where.addPrefix('key', prefix);
  if (after) where.add('(eid, key) > (?, ?)', after.eid, after.key);
  const rows = await db.read<ItemRow>(
    `SELECT * FROM holdfast.item WHERE ${where.sql} ORDER BY eid, key LIMIT ${where.value(limit)}`,
    where.values,
  );
  return rows.map(toItem);
}
