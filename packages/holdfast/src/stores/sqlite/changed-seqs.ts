import { damagedState } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findHead } from './find-rows.ts';
import { readHeads } from './read-entities.ts';
import { isChangeSound, type ChangeRow } from './rows.ts';

const CHANGES_UP =
  'SELECT * FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version >= ? ORDER BY version LIMIT +?';
const SEQ_OF = 'SELECT seq FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version = ?';

/**
 * The first `limit` seqs behind `since` of commits that changed the entity, or one state of it, in order and each once; of what is kept. Costs a few
 * look-ups for each state, and a read of each change that may be among them.
 * @throws {HoldfastError} CORRUPT_STATE when a change that belongs there is missing or damaged, so that none is passed over.
 */
export function changedSeqs(
  db: Connection,
  options: { readonly eid: number; readonly state?: string; readonly since: number; readonly limit: number },
): readonly number[] {
  const { eid, state, since, limit } = options;
  const seqs = new Set<number>();
  for (const head of readHeads(db, eid)) {
    if (state !== undefined && state !== head.state) continue;
    const { oldest } = findHead(db, eid, head.state);
    const first = firstBehind(db, { eid, state: head.state, oldest, newest: head.version, since });
    // The one before the first is read too: that it lies at or before `since` is believed only of a sound record.
    const from = Math.max(first - 1, oldest);
    const rows = db.all<ChangeRow>(CHANGES_UP, eid, head.state, from, limit + 1);
    if (rows.length < Math.min(limit + 1, head.version - from + 1)) throw damagedState(eid, head.state, from + rows.length, undefined);
    for (const [index, row] of rows.entries()) {
      if (row.version !== from + index || !isChangeSound(row)) throw damagedState(eid, head.state, from + index, undefined);
      if (row.seq > since) seqs.add(row.seq);
    }
  }
  return [...seqs].toSorted((a, b) => a - b).slice(0, limit);
}

interface KeptVersions {
  readonly eid: number;
  readonly state: string;
  readonly oldest: number;
  readonly newest: number;
  readonly since: number;
}

/** The first version whose commit lies behind `since`, found by halving: versions have no gaps, and later ones have later seqs. */
function firstBehind(db: Connection, { eid, state, oldest, newest, since }: KeptVersions): number {
  const isBehind = (version: number): boolean => {
    const row = db.get<{ seq: number }>(SEQ_OF, eid, state, version);
    if (!row) throw damagedState(eid, state, version, undefined);
    return row.seq > since;
  };
  // Followers ask for what is new: mostly nothing.
  if (!isBehind(newest)) return newest + 1;
  let [low, high] = [oldest - 1, newest];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isBehind(middle)) high = middle;
    else low = middle;
  }
  return high;
}
