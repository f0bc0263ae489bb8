import type { Drop, LogFilter, LoggedChange, LoggedCommit, LogPage } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { lastGoodVersion } from './read-state.ts';
import {
  damaged,
  damagedState,
  isChangeSound,
  toChange,
  toDrop,
  toMeta,
  type ChangeRow,
  type CommitRow,
  type DropRow,
  type Int8,
} from './rows.ts';

const PAGE_OF_ALL = 'SELECT * FROM holdfast.commit_log WHERE seq > $1 ORDER BY seq LIMIT $2';

/** Only the commits of one entity are looked at: by index, so that it costs what that entity has. */
const PAGE_OF_ENTITY = `
SELECT * FROM holdfast.commit_log WHERE seq IN (
  (SELECT DISTINCT seq FROM holdfast.change WHERE eid = $4 AND seq > $1 AND ($5::text IS NULL OR state = $5) ORDER BY seq LIMIT $2)
  UNION ALL (SELECT seq FROM holdfast.dropped WHERE eid = $4 AND seq > $1)
) ORDER BY seq LIMIT $2`;

/**
 * One statement, so that a page never shows a commit without its changes; plain rows, since building JSON in the database costs more than the
 * commits. Parameters: since, limit, scope, eid, state; null for what is not filtered by.
 */
const rowsOfPage = (page: string): string => `
WITH page AS MATERIALIZED (${page})
SELECT 1 AS step, 'commit' AS what, seq, 0 AS n, commit_id, at, meta, sum, NULL::bigint AS eid, NULL AS scope, NULL AS id, NULL AS state,
       NULL::bigint AS version, NULL::bigint AS def_version, NULL AS kind, NULL AS body, NULL::boolean AS is_entity_sound,
       NULL::boolean AS is_oldest FROM page
UNION ALL
SELECT 2, 'change', v.seq, v.n, NULL, NULL, NULL, v.sum, v.eid, e.scope, e.id, v.state, v.version, v.def_version, v.kind, v.body,
       e.sum = holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e.ttl_ms, e.expires_at),
       v.version > 1 AND NOT EXISTS (SELECT FROM holdfast.change b WHERE b.eid = v.eid AND b.state = v.state AND b.version = v.version - 1)
  FROM page p JOIN holdfast.change v ON v.seq = p.seq JOIN holdfast.entity e ON e.eid = v.eid
 WHERE ($3::text IS NULL OR e.scope = $3) AND ($4::bigint IS NULL OR v.eid = $4) AND ($5::text IS NULL OR v.state = $5)
UNION ALL
SELECT 3, 'drop', d.seq, d.n, NULL, NULL, NULL, d.sum, d.eid, d.scope, d.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM page p JOIN holdfast.dropped d ON d.seq = p.seq WHERE ($3::text IS NULL OR d.scope = $3) AND ($4::bigint IS NULL OR d.eid = $4)
UNION ALL
SELECT 4, 'end', holdfast.last_seq(), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
ORDER BY seq, step, n`;

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

export async function readLog(db: Connection, since: number, { scope, eid, state }: LogFilter, limit: number): Promise<LogPage> {
  const rows = await db.read<LogRow>(rowsOfPage(eid === undefined ? PAGE_OF_ALL : PAGE_OF_ENTITY), [
    since,
    limit,
    scope ?? null,
    eid ?? null,
    state ?? null,
  ]);
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
  const isFiltered = scope !== undefined || eid !== undefined || state !== undefined;
  const passing = [...commits.values()].filter(({ changes, drops }) => !isFiltered || changes.length + drops.length > 0);
  return { commits: passing, seq: lookedAt };
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
