import type { SQLInputValue } from 'node:sqlite';
import { damaged, prefixEnd, type EntityFilter, type EntityRecord, type Head } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findHead } from './find-rows.ts';
import { toEntity, type EntityRow } from './rows.ts';

export function readEntities(
  db: Connection,
  { scope, idPrefix, parent, subject }: EntityFilter,
  after: { scope: string; id: string } | undefined,
  limit: number,
): readonly EntityRecord[] {
  const conditions = ['true'];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...more: readonly SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (parent !== undefined) add('parent = ?', parent);
  if (scope !== undefined) add('scope = ?', scope);
  if (subject !== undefined) add('subject = ?', subject);
  if (idPrefix) add('id >= ?', idPrefix);
  const end = idPrefix && prefixEnd(idPrefix);
  if (end) add('id < ?', end);
  if (after) add('(scope, id) > (?, ?)', after.scope, after.id);
  const index = parent !== undefined ? 'entity_by_parent' : subject !== undefined ? 'entity_by_subject' : 'entity_by_name';
  const rows = db.all<EntityRow>(
    `SELECT * FROM entity INDEXED BY ${index} WHERE ${conditions.join(' AND ')} ORDER BY scope, id LIMIT +?`,
    ...values,
    limit,
  );
  return rows.map(toEntity);
}

/** Walks from state to state in both B-trees, so that a head that one of them hides is missed by neither. */
export function readHeads(db: Connection, eid: number): readonly Head[] {
  const states = new Set<string>();
  for (const { state } of db.iterate<{ state: string }>('SELECT state FROM head WHERE eid = ?', eid)) states.add(state);
  for (let state: string | undefined; ;) {
    state =
      db.get<{ state: string | null }>(
        'SELECT min(state) AS state FROM change INDEXED BY change_by_version WHERE eid = ? AND state > ?',
        eid,
        state ?? '',
      )?.state ?? undefined;
    if (state === undefined) break;
    states.add(state);
  }
  return Array.from(states, (state) => {
    const { version } = findHead(db, eid, state);
    if (version === 0) throw damaged(`the head of the state ${state} of the entity with eid ${eid}`);
    return { state, version };
  });
}
