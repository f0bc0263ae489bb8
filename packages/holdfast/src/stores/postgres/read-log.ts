import {
  damaged,
  damagedState,
  passing,
  type Drop,
  type LogFilter,
  type LoggedChange,
  type LoggedCommit,
  type LogPage,
} from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { lastGoodVersion } from './read-state.ts';
import { isChangeSound, toChange, toDrop, toMeta, type ChangeRow, type CommitRow, type DropRow, type Int8 } from './rows.ts';

const PAGE = 'SELECT * FROM holdfast.log_page($1, $2, $3, $4, $5) ORDER BY seq, step, n';

type LogRow =
  | ({ readonly what: 'commit' } & CommitRow)
  | ({ readonly what: 'change' } & LoggedChangeRow)
  | ({ readonly what: 'drop' } & DropRow)
  /** The newest commit of the store at the moment of the page. */
  | { readonly what: 'end'; readonly seq: Int8 };

interface LoggedChangeRow extends ChangeRow {
  readonly scope: string;
  readonly id: string;
  readonly is_entity_sound: boolean;
  readonly is_oldest: boolean;
}

interface CommitOfPage extends LoggedCommit {
  readonly changes: LoggedChange[];
  readonly drops: Drop[];
}

export async function readLog(db: Connection, since: number, filter: LogFilter, limit: number): Promise<LogPage> {
  const { scope, eid, state } = filter;
  const rows = await db.read<LogRow>(PAGE, [since, limit, scope ?? null, eid ?? null, state ?? null]);
  const commits = new Map<number, CommitOfPage>();
  let lookedAt = since;
  for (const row of rows) {
    const seq = Number(row.seq);
    if (row.what === 'commit') {
      if (eid === undefined && seq !== since + commits.size + 1) throw damaged(`the commit ${since + commits.size + 1}`);
      commits.set(seq, { ...toMeta(row), seq, commitId: row.commit_id, at: Number(row.at), changes: [], drops: [] });
      lookedAt = seq;
    } else if (row.what === 'change') commits.get(seq)?.changes.push(await toLoggedChange(db, row));
    else if (row.what === 'drop') commits.get(seq)?.drops.push(toDrop(row));
    else if (commits.size < limit) lookedAt = Math.max(since, seq);
  }
  return { commits: passing([...commits.values()], filter), seq: lookedAt };
}

/** The newest commit of the store; 0 in an empty one. */
export async function readLastSeq(db: Connection): Promise<number> {
  const [row] = await db.read<{ readonly seq: Int8 }>('SELECT holdfast.last_seq() AS seq');
  return Number(row?.seq);
}

async function toLoggedChange(db: Connection, row: LoggedChangeRow): Promise<LoggedChange> {
  const { eid, version, ...change } = toChange(row);
  if (!row.is_entity_sound) throw damaged(`the entity ${row.scope}:${row.id} (eid ${eid})`);
  if (!isChangeSound(row)) throw damagedState(eid, row.state, version, await lastGoodVersion(db, eid, row.state, version));
  return { eid, version, ...change, scope: row.scope, id: row.id, ...(row.is_oldest && { isOldest: true }) };
}
