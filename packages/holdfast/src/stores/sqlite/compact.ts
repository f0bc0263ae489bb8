import { encodeSnapshot, type CompactionPlan, type Snapshot } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findHead, writeHead } from './find-rows.ts';
import { snapshotSum } from './rows.ts';

/** Writes snapshots, then deletes what is no longer kept, within a transaction. */
export function compact(db: Connection, { snapshots, prune }: CompactionPlan): void {
  for (const snapshot of snapshots) {
    // The entity may have been deleted since the plan was made.
    if (snapshot.version <= findHead(db, snapshot.eid, snapshot.state).version) writeSnapshot(db, snapshot);
  }
  for (const { eid, state, beforeVersion, keepSnapshots } of prune) {
    const { version, oldest } = findHead(db, eid, state);
    const first = Math.min(beforeVersion, version);
    if (first > oldest) {
      db.run('DELETE FROM change WHERE eid = ? AND state = ? AND version < ?', eid, state, first);
      writeHead(db, { eid, state, version, oldest: first });
    }
    if (keepSnapshots) {
      db.run(
        'DELETE FROM snapshot WHERE eid = ? AND state = ? AND version < ? AND version NOT IN (SELECT value FROM json_each(?))',
        eid,
        state,
        beforeVersion,
        JSON.stringify(keepSnapshots),
      );
    }
  }
}

export function writeSnapshot(db: Connection, { eid, state, version, defVersion, body: json }: Snapshot): void {
  const { codec, body } = encodeSnapshot(json);
  const sum = snapshotSum({ eid, state, version, def_version: defVersion, codec, body });
  db.run(
    'INSERT OR REPLACE INTO snapshot (eid, state, version, def_version, codec, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    eid,
    state,
    version,
    defVersion,
    codec,
    body,
    sum,
  );
}
