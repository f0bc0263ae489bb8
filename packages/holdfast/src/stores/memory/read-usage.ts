import type { StoreUsage, UsageRow } from '../../store/index.ts';
import type { Tables } from './tables.ts';

/** Counts what is kept; a store in memory does not know what it takes in all. */
export function readUsage(tables: Tables, eid: number | undefined): StoreUsage {
  const rows = new Map<string, UsageRow>();
  const count = (kind: UsageRow['kind'], body: string, scope?: string, name?: string): void => {
    const id = [kind, scope, name].join('\u0000');
    const { records, bytes } = rows.get(id) ?? { records: 0, bytes: 0 };
    const names = { ...(scope !== undefined && { scope }), ...(name !== undefined && { name }) };
    rows.set(id, { kind, ...names, records: records + 1, bytes: bytes + Buffer.byteLength(body) });
  };
  const known = eid === undefined ? undefined : tables.entities.get(eid);
  for (const entity of eid === undefined ? tables.entities.values() : known ? [known] : []) {
    const { scope } = entity;
    count('entity', '', scope);
    for (const [state, { changes, snapshots }] of tables.states.get(entity.eid) ?? []) {
      for (const { body } of changes.values()) count('change', body, scope, state);
      for (const { body } of snapshots.values()) count('snapshot', body, scope, state);
    }
    for (const [collection, entities] of tables.items)
      for (const { body } of entities.get(entity.eid)?.values() ?? []) count('item', body, scope, collection);
  }
  if (eid === undefined) for (const { meta } of tables.commits) count('commit', JSON.stringify(meta));
  return { rows: [...rows.values()] };
}
