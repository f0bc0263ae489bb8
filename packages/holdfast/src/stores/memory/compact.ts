import type { CompactionPlan } from '../../store/index.ts';
import type { Tables } from './tables.ts';

export function compact(tables: Tables, { snapshots, prune }: CompactionPlan): void {
  for (const snapshot of snapshots) {
    const rows = tables.states.get(snapshot.eid)?.get(snapshot.state);
    if (rows && snapshot.version <= rows.head) rows.snapshots.set(snapshot.version, { ...snapshot });
  }
  for (const { eid, state, beforeVersion, keepSnapshots } of prune) {
    const rows = tables.states.get(eid)?.get(state);
    if (!rows) continue;
    for (const version of rows.changes.keys()) if (version < Math.min(beforeVersion, rows.head)) rows.changes.delete(version);
    for (const version of rows.snapshots.keys())
      if (version < beforeVersion && keepSnapshots && !keepSnapshots.includes(version)) rows.snapshots.delete(version);
  }
}
