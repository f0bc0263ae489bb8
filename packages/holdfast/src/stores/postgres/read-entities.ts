import type { EntityFilter, EntityRecord, Head } from '../../store/index.ts';
import { Conditions } from './conditions.ts';
import type { Connection } from './connection.ts';
import { toEntity, toHead, type EntityRow, type HeadRow } from './rows.ts';

export async function findEntity(db: Connection, scope: string, id: string): Promise<EntityRecord | undefined> {
  const [row] = await db.read<EntityRow>('SELECT * FROM holdfast.entity WHERE scope = $1 AND id = $2', [scope, id]);
  return row && toEntity(row);
}

export async function findEntityByEid(db: Connection, eid: number): Promise<EntityRecord | undefined> {
  const [row] = await db.read<EntityRow>('SELECT * FROM holdfast.entity WHERE eid = $1', [eid]);
  return row && toEntity(row);
}

export async function readEntities(
  db: Connection,
  { scope, idPrefix, parent, subject }: EntityFilter,
  after: { scope: string; id: string } | undefined,
  limit: number,
): Promise<readonly EntityRecord[]> {
  const where = new Conditions();
  if (parent !== undefined) where.add('parent = ?', parent);
  if (subject !== undefined) where.add('subject = ?', subject);
  if (scope !== undefined) where.add('scope = ?', scope);
  where.addPrefix('id', idPrefix);
  if (after) where.add('(scope, id) > (?, ?)', after.scope, after.id);
  const rows = await db.read<EntityRow>(
    `SELECT * FROM holdfast.entity WHERE ${where.sql} ORDER BY scope, id LIMIT ${where.value(limit)}`,
    where.values,
  );
  return rows.map(toEntity);
}

export async function readHeads(db: Connection, eid: number): Promise<readonly Head[]> {
  return (await db.read<HeadRow>('SELECT * FROM holdfast.head WHERE eid = $1 ORDER BY state', [eid])).map(toHead);
}
