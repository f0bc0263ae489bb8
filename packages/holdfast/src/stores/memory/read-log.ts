import type { Change, EntityRecord, LogFilter, LoggedChange, LoggedCommit, LogPage } from '../../store/index.ts';
import type { CommitRow, Tables } from './tables.ts';

export function readLog(tables: Tables, since: number, filter: LogFilter, limit: number): LogPage {
  const rows = tables.commits.slice(since, since + limit);
  const isFiltered = filter.scope !== undefined || filter.eid !== undefined || filter.state !== undefined;
  const commits = rows
    .map((row) => passing(tables, row, filter))
    .filter(({ changes, drops }) => !isFiltered || changes.length + drops.length > 0);
  return { commits, seq: rows.at(-1)?.seq ?? since };
}

function passing(tables: Tables, { seq, commitId, at, meta, changes, drops }: CommitRow, filter: LogFilter): LoggedCommit {
  return {
    ...meta,
    seq,
    commitId,
    at,
    changes: changes.flatMap(({ eid, state, version }): LoggedChange[] => {
      const entity = tables.entities.get(eid);
      const change = tables.states.get(eid)?.get(state)?.changes.get(version);
      return entity && change && changePasses(filter, entity, change) ? [{ ...change, scope: entity.scope, id: entity.id }] : [];
    }),
    drops: drops.filter(
      ({ eid, scope }) => (filter.eid === undefined || filter.eid === eid) && (filter.scope === undefined || filter.scope === scope),
    ),
  };
}

function changePasses({ scope, eid, state }: LogFilter, entity: EntityRecord, change: Change): boolean {
  return (
    (scope === undefined || scope === entity.scope) &&
    (eid === undefined || eid === change.eid) &&
    (state === undefined || state === change.state)
  );
}
