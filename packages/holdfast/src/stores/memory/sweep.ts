import { COLLECTION, isExpired, newCommitId, type Drop, type EntityRecord } from '../../store/index.ts';
import type { Tables } from './tables.ts';

export function sweep(tables: Tables, limit: number, now: number): { readonly dropped: readonly Drop[]; readonly items: number } {
  const dropped: Drop[] = [];
  tables.expiringEntities.takeExpired(now, limit, (eid) => {
    if (hasLiveItem(tables, eid, COLLECTION.lease, now) || hasLiveItem(tables, eid, COLLECTION.openEffect, now)) return false;
    dropped.push(tables.dropEntity(tables.entities.get(eid) as EntityRecord));
    return true;
  });
  if (dropped.length > 0)
    tables.addCommit({
      seq: tables.commits.length + 1,
      commitId: newCommitId(),
      at: now,
      meta: { flags: ['deleted'] },
      changes: [],
      drops: dropped,
    });
  const items = tables.expiringItems.takeExpired(now, limit, () => true);
  for (const { eid, collection, key } of items) tables.deleteItem(eid, collection, key);
  tables.keep();
  return { dropped, items: items.length };
}

function hasLiveItem(tables: Tables, eid: number, collection: string, now: number): boolean {
  const items = tables.items.get(collection)?.get(eid);
  return items !== undefined && Iterator.from(items.values()).some((item) => !isExpired(item, now));
}
