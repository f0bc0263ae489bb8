import { compareText, prefixEnd, type ItemFilter, type ItemRecord } from '../../store/index.ts';
import type { Tables } from './tables.ts';

export function readItems(
  tables: Tables,
  filter: ItemFilter,
  after: { eid: number; key: string } | undefined,
  limit: number,
): readonly ItemRecord[] {
  const entities = tables.items.get(filter.collection);
  const found: ItemRecord[] = [];
  const end = filter.prefix === undefined ? undefined : prefixEnd(filter.prefix);
  for (const eid of entities?.keysFrom(Math.max(filter.eid ?? 0, after?.eid ?? 0)) ?? []) {
    if (filter.eid !== undefined && eid !== filter.eid) break;
    const items = entities?.get(eid);
    const behind = after?.eid === eid ? after.key : undefined;
    for (const key of items?.keysFrom(greater(behind, filter.prefix)) ?? []) {
      if (found.length >= limit) return found;
      if (end !== undefined && compareText(key, end) >= 0) break;
      if (key !== behind) found.push(items?.get(key) as ItemRecord);
    }
  }
  return found;
}

function greater(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareText(a, b) > 0 ? a : b;
}
