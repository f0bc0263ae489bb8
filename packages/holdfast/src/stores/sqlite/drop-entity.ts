import type { Drop, EntityRecord } from '../../store/index.ts';
import type { Connection } from './connection.ts';

/** Deletes the entity with everything it has, within a transaction. */
export function dropEntity(db: Connection, { eid, scope, id }: EntityRecord): Drop {
  for (const table of ['change', 'snapshot', 'head', 'item', 'entity']) db.run(`DELETE FROM ${table} WHERE eid = ?`, eid);
  return { eid, scope, id };
}
