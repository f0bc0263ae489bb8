import type { SQLInputValue } from 'node:sqlite';
import type { LogFilter, LoggedChange, LoggedCommit, LogPage } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { damaged, damagedState, isChangeSound, toChange, toDetails, toEntity, type ChangeRow, type CommitRow, type EntityRow } from './rows.ts';

export function readLog(db: Connection, since: number, filter: LogFilter, limit: number): LogPage {
  const rows = db.all<CommitRow>('SELECT * FROM commit_log WHERE seq > ? ORDER BY seq LIMIT ?', since, limit);
  const last = rows.at(-1)?.seq ?? since;
  const changes = changesBySeq(db, since, last, filter);
  const isFiltered = filter.scope !== undefined || filter.eid !== undefined || filter.state !== undefined;
  const commits = rows.map((row, index) => {
    if (row.seq !== since + index + 1) throw damaged(`the commit ${since + index + 1}`);
    return toCommit(row, changes.get(row.seq) ?? [], filter);
  });
  return { commits: isFiltered ? commits.filter((commit) => commit.changes.length + commit.drops.length > 0) : commits, seq: last };
}

function toCommit(row: CommitRow, changes: readonly LoggedChange[], { scope, eid }: LogFilter): LoggedCommit {
  const { drops = [], ...meta } = toDetails(row);
  const passing = drops.filter((drop) => (scope === undefined || drop.scope === scope) && (eid === undefined || drop.eid === eid));
  return { ...meta, seq: row.seq, commitId: row.commit_id, at: row.at, changes, drops: passing };
}

function changesBySeq(db: Connection, since: number, last: number, { scope, eid, state }: LogFilter): Map<number, LoggedChange[]> {
  const conditions = ['seq > ? AND seq <= ?'];
  const values: SQLInputValue[] = [since, last];
  if (eid !== undefined) {
    conditions.push('eid = ?');
    values.push(eid);
  }
  if (state !== undefined) {
    conditions.push('state = ?');
    values.push(state);
  }
  const bySeq = new Map<number, LoggedChange[]>();
  const entities = new Map<number, { scope: string; id: string }>();
  for (const row of db.iterate<ChangeRow>(`SELECT * FROM change INDEXED BY change_by_seq WHERE ${conditions.join(' AND ')} ORDER BY seq, id`, ...values)) {
    const entity = entities.get(row.eid) ?? entityOf(db, row);
    entities.set(row.eid, entity);
    if (scope !== undefined && entity.scope !== scope) continue;
    if (!isChangeSound(row)) throw damagedState(row.eid, row.state, row.version, row.version > 1 ? row.version - 1 : undefined);
    const list = bySeq.get(row.seq) ?? [];
    list.push({ ...toChange(row), scope: entity.scope, id: entity.id });
    bySeq.set(row.seq, list);
  }
  return bySeq;
}

function entityOf(db: Connection, { eid, state, version }: ChangeRow): { scope: string; id: string } {
  const row = db.get<EntityRow>('SELECT * FROM entity WHERE eid = ?', eid);
  if (!row) throw damagedState(eid, state, version, undefined);
  return toEntity(row);
}
