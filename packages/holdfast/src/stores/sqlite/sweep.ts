import { COLLECTION, newCommitId, type Drop } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { dropEntity } from './drop-entity.ts';
import { toEntity, toItem, type EntityRow, type ItemRow } from './rows.ts';
import { appendCommit, lastSeq } from './write-log.ts';

const EXPIRED_ENTITIES = `
SELECT * FROM entity INDEXED BY entity_by_expiry WHERE expires_at <= ?1 AND NOT EXISTS (
  SELECT 1 FROM item WHERE item.eid = entity.eid AND collection IN ('${COLLECTION.lease}', '${COLLECTION.openEffect}') AND (item.expires_at IS NULL OR item.expires_at > ?1)
) ORDER BY expires_at LIMIT +?2`;

/** Deletes what expired, within a transaction. */
export function sweep(db: Connection, limit: number, now: number): { readonly dropped: readonly Drop[]; readonly items: number } {
  const expired = db.all<EntityRow>(EXPIRED_ENTITIES, now, limit).map(toEntity);
  const dropped = expired.map((entity) => dropEntity(db, entity));
  if (dropped.length > 0)
    appendCommit(db, {
      seq: lastSeq(db) + 1,
      commitId: newCommitId(),
      at: now,
      meta: { flags: ['deleted'] },
      changes: [],
      drops: dropped,
    });
  const items = db
    .all<ItemRow>('SELECT * FROM item INDEXED BY item_by_expiry WHERE expires_at <= ? ORDER BY expires_at LIMIT +?', now, limit)
    .map(toItem);
  for (const { eid, collection, key } of items)
    db.run('DELETE FROM item WHERE eid = ? AND collection = ? AND key = ?', eid, collection, key);
  return { dropped, items: items.length };
}
