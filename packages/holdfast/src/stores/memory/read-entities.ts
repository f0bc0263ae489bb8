import { compareText, type EntityFilter, type EntityRecord, type Head } from '../../store/index.ts';
import type { Tables } from './tables.ts';

export function readEntity(tables: Tables, scope: string, id: string): EntityRecord | undefined {
  const eid = tables.names.get(`${scope}\u0000${id}`);
  return eid === undefined ? undefined : tables.entities.get(eid);
}

export function readEntities(
  tables: Tables,
  filter: EntityFilter,
  after: { scope: string; id: string } | undefined,
  limit: number,
): readonly EntityRecord[] {
  const first = after
    ? `${after.scope}\u0000${after.id}`
    : filter.scope === undefined
      ? undefined
      : `${filter.scope}\u0000${filter.idPrefix ?? ''}`;
  const names = narrowest(tables, filter);
  const found: EntityRecord[] = [];
  for (const name of names?.keysFrom(first) ?? []) {
    if (found.length >= limit) break;
    const entity = tables.entities.get(names?.get(name) as number) as EntityRecord;
    if (filter.scope !== undefined && compareText(entity.scope, filter.scope) > 0) break;
    if (name !== (after && first) && passes(filter, entity)) found.push(entity);
  }
  return found;
}

export function readHeads(tables: Tables, eid: number): readonly Head[] {
  const states = tables.states.get(eid);
  return states ? Array.from(states.keysFrom(), (state) => ({ state, version: states.get(state)?.head as number })) : [];
}

function narrowest(tables: Tables, { parent, subject }: EntityFilter): Tables['names'] | undefined {
  if (parent !== undefined) return tables.children.get(parent);
  return subject === undefined ? tables.names : tables.ofSubject.get(subject);
}

function passes({ scope, idPrefix, parent, subject }: EntityFilter, entity: EntityRecord): boolean {
  return (
    (scope === undefined || entity.scope === scope) &&
    (idPrefix === undefined || entity.id.startsWith(idPrefix)) &&
    (parent === undefined || entity.parent === parent) &&
    (subject === undefined || entity.subject === subject)
  );
}
