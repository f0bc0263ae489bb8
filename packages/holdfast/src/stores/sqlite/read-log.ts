import { isHoldfastError } from '../../errors/index.ts';
import { damaged, damagedState, passing, type LogFilter, type LoggedChange, type LoggedCommit, type LogPage } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { changedSeqs } from './changed-seqs.ts';
import type { EntityNames } from './entity-names.ts';
import { findEntityByEid, findHead } from './find-rows.ts';
import { lastGoodVersion } from './read-state.ts';
import { isChangeSound, toChange, toDetails, type ChangeRow, type CommitRow } from './rows.ts';
import { lastSeq } from './write-log.ts';

export interface LogQuery {
  readonly since: number;
  readonly filter: LogFilter;
  readonly limit: number;
  /** What earlier reads of the same store have found. */
  readonly names: EntityNames;
}

export function readLog(db: Connection, query: LogQuery): LogPage {
  const { eid } = query.filter;
  return (eid !== undefined && readLogOf(db, query, eid)) || walkLog(db, query);
}

/**
 * The commits of one entity, found by its changes: costs those and not the log. Undefined where only the log itself can tell: the entity is gone, and
 * with it its changes, or what is damaged stands in the way.
 */
function readLogOf(db: Connection, query: LogQuery, eid: number): LogPage | undefined {
  const { since, filter, limit } = query;
  try {
    if (!findEntityByEid(db, eid)) return undefined;
    const seqs = changedSeqs(db, { ...filter, eid, since, limit });
    const reader = new LogReader(db, query);
    const commits = seqs.map((seq) => {
      const row = db.get<CommitRow>('SELECT * FROM commit_log WHERE seq = ?', seq);
      if (row?.seq !== seq) throw damaged(`the commit ${seq}`);
      return reader.read(row);
    });
    return {
      commits: passing(commits, filter),
      seq: seqs.length < limit ? Math.max(since, lastSeq(db)) : (seqs.at(-1) ?? since),
    };
  } catch (error) {
    if (!isHoldfastError(error, 'CORRUPT_STATE')) throw error;
    return undefined;
  }
}

function walkLog(db: Connection, query: LogQuery): LogPage {
  const { since, filter, limit } = query;
  const rows = db.all<CommitRow>('SELECT * FROM commit_log WHERE seq > ? ORDER BY seq LIMIT +?', since, limit);
  const reader = new LogReader(db, query);
  const commits = rows.map((row, index) => {
    if (row.seq !== since + index + 1) throw damaged(`the commit ${since + index + 1}`);
    return reader.read(row);
  });
  return { commits: passing(commits, filter), seq: rows.at(-1)?.seq ?? since };
}

/** Reads the commits of one page, without the changes that do not pass: those are not even looked up. */
class LogReader {
  readonly #db: Connection;
  readonly #filter: LogFilter;
  readonly #names: EntityNames;
  readonly #met = new Set<string>();

  constructor(db: Connection, { filter, names }: LogQuery) {
    this.#db = db;
    this.#names = names;
    this.#filter = filter;
  }

  read(row: CommitRow): LoggedCommit {
    const { drops = [], changes = [], ...meta } = toDetails(row);
    return {
      ...meta,
      seq: row.seq,
      commitId: row.commit_id,
      at: row.at,
      changes: changes.flatMap((name) => this.#change(...name) ?? []),
      drops,
    };
  }

  /** The change, if it passes and is still kept. */
  #change(eid: number, state: string, version: number): LoggedChange | undefined {
    const { filter, db } = { filter: this.#filter, db: this.#db };
    if ((filter.eid !== undefined && filter.eid !== eid) || (filter.state !== undefined && filter.state !== state)) return undefined;
    const name = this.#names.find(db, eid);
    if (!name || (filter.scope !== undefined && filter.scope !== name.scope)) return undefined;
    const row = db.get<ChangeRow>(
      'SELECT * FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version = ?',
      eid,
      state,
      version,
    );
    if (!row && (version < findHead(db, eid, state).oldest || !findEntityByEid(db, eid))) return undefined;
    if (!row || row.version !== version || !isChangeSound(row))
      throw damagedState(eid, state, version, lastGoodVersion(db, eid, state, version));
    const isOldest = this.#isOldest(eid, state, version);
    return { ...toChange(row), ...name, ...(isOldest && { isOldest }) };
  }

  /**
   * Whether the change before it is not kept any more; that it cannot be found may be damage, so that its head is asked then. A page meets versions in order: only
   * the first is looked up.
   */
  #isOldest(eid: number, state: string, version: number): boolean {
    const name = `${eid} ${state}`;
    const isFirstOfPage = !this.#met.has(name);
    this.#met.add(name);
    if (!isFirstOfPage || version === 1 || this.#hasChange(eid, state, version - 1)) return false;
    return version === findHead(this.#db, eid, state).oldest;
  }

  #hasChange(eid: number, state: string, version: number): boolean {
    const sql = 'SELECT version FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version = ?';
    return this.#db.get(sql, eid, state, version) !== undefined;
  }
}
