import { passing, type LogFilter, type LoggedChange, type LoggedCommit, type LogPage } from '../../store/index.ts';
import type { CommitRow, Tables } from './tables.ts';

export function readLog(tables: Tables, since: number, filter: LogFilter, limit: number): LogPage {
  const changedAt = filter.eid === undefined ? undefined : tables.changedAt.get(filter.eid);
  // An entity that is gone left its deletion in the log, and nothing else by which to find that.
  const rows = changedAt ? rowsBehind(tables, changedAt, since, limit) : tables.commits.slice(since, since + limit);
  const commits = passing(
    rows.map((row) => asLogged(tables, row)),
    filter,
  );
  const isAtEnd = changedAt !== undefined && rows.length < limit;
  return { commits, seq: isAtEnd ? Math.max(since, tables.commits.length) : (rows.at(-1)?.seq ?? since) };
}

function rowsBehind({ commits }: Tables, seqs: readonly number[], since: number, limit: number): readonly CommitRow[] {
  let [first, end] = [0, seqs.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if ((seqs[middle] as number) > since) end = middle;
    else first = middle + 1;
  }
  return seqs.slice(first, first + limit).map((seq) => commits[seq - 1] as CommitRow);
}

function asLogged(tables: Tables, { seq, commitId, at, meta, changes, drops }: CommitRow): LoggedCommit {
  return {
    ...meta,
    seq,
    commitId,
    at,
    changes: changes.flatMap(({ eid, state, version }): LoggedChange[] => {
      const entity = tables.entities.get(eid);
      const kept = tables.states.get(eid)?.get(state)?.changes;
      const change = kept?.get(version);
      if (!entity || !change) return [];
      const isOldest = version > 1 && !kept?.has(version - 1);
      return [{ ...change, scope: entity.scope, id: entity.id, ...(isOldest && { isOldest }) }];
    }),
    drops,
  };
}
