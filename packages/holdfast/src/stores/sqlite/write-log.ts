import type { Change, CommitEntry } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { changeSum, commitSum, type CommitDetails } from './rows.ts';

/** The newest seq; 0 for none. */
export function lastSeq(db: Connection): number {
  return db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM commit_log')?.seq ?? 0;
}

/** Appends a commit to the log, with the names of its changes and what it deleted. */
export function appendCommit(db: Connection, { seq, commitId, at, meta, changes, drops }: CommitEntry): void {
  const names = changes.map(({ eid, state, version }) => [eid, state, version] as const);
  const details: CommitDetails = { ...meta, ...(names.length > 0 && { changes: names }), ...(drops.length > 0 && { drops }) };
  const row = { seq, commit_id: commitId, at, meta: JSON.stringify(details) };
  db.run(
    'INSERT INTO commit_log (seq, commit_id, at, meta, sum) VALUES (?, ?, ?, ?, ?)',
    row.seq,
    row.commit_id,
    row.at,
    row.meta,
    commitSum(row),
  );
}

/** Inserts a version of a state; the state's head is moved by the caller. */
export function insertChange(db: Connection, { eid, state, version, defVersion, kind, body }: Change, seq: number): void {
  const sum = changeSum({ eid, state, version, seq, def_version: defVersion, kind, body });
  db.run(
    'INSERT INTO change (eid, state, version, seq, def_version, kind, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    eid,
    state,
    version,
    seq,
    defVersion,
    kind,
    body,
    sum,
  );
}
