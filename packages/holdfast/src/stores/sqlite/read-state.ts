import { isHoldfastError } from '../../errors/index.ts';
import { damagedState, MAX_RUN, patchRuns, type Change, type LoadedState, type PatchRun } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findHead, type HeadVersions } from './find-rows.ts';
import { soundPatches } from './patch-page.ts';
import { isChangeSound, isSnapshotSound, snapshotBody, toChange, type ChangeRow, type SnapshotRow } from './rows.ts';

const CHANGES_DOWN =
  'SELECT * FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version > ? AND version <= ? ORDER BY version DESC';
const SNAPSHOTS_DOWN =
  'SELECT * FROM snapshot INDEXED BY snapshot_by_version WHERE eid = ? AND state = ? AND version <= ? ORDER BY version DESC';

export function readState(db: Connection, eid: number, state: string, atVersion: number | undefined): LoadedState | undefined {
  const { version: head, oldest } = headVersions(db, eid, state, atVersion);
  const version = atVersion ?? head;
  if (head === 0 || version > head || version < 1) return undefined;
  const { base, patches, stoppedAt } = chainTo(db, eid, state, version);
  if (base) return { head, base, patches };
  const isPinned = db.get('SELECT id FROM snapshot WHERE eid = ? AND state = ? AND version = ?', eid, state, version) !== undefined;
  if (version < oldest && !isPinned) return undefined;
  throw damagedState(eid, state, stoppedAt, lastGoodVersion(db, eid, state, version));
}

interface Chain {
  readonly base: LoadedState['base'] | undefined;
  readonly patches: LoadedState['patches'];
  /** The version that is missing or damaged when there is no base. */
  readonly stoppedAt: number;
}

/** Walks down from the version to the first full value. A snapshot is derived: a damaged one is passed over if there is another way. */
function chainTo(db: Connection, eid: number, state: string, version: number): Chain {
  const snapshot = newestSoundSnapshot(db, eid, state, version);
  const after = snapshot?.version ?? 0;
  const runs: PatchRun[] = [];
  const changes: Change[] = [];
  let base: LoadedState['base'] | undefined;
  let wanted = version;
  while (wanted > after) {
    const run = soundPatches(db, { eid, state, after: Math.max(after, wanted - MAX_RUN), upTo: wanted });
    if (!run) break;
    runs.push(run);
    wanted -= run.count;
  }
  for (const row of db.iterate<ChangeRow>(CHANGES_DOWN, eid, state, after, wanted)) {
    if (row.version !== wanted || !isChangeSound(row)) break;
    if (row.kind === 'full') {
      base = { version: wanted, defVersion: row.def_version, body: row.body };
      break;
    }
    changes.push(toChange(row));
    wanted -= 1;
  }
  if (snapshot?.version === wanted) base = { version: wanted, defVersion: snapshot.def_version, body: snapshotBody(snapshot) };
  return { base, patches: [...patchRuns(changes.toReversed()), ...runs.toReversed()], stoppedAt: wanted };
}

function newestSoundSnapshot(db: Connection, eid: number, state: string, version: number): SnapshotRow | undefined {
  for (const row of db.iterate<SnapshotRow>(SNAPSHOTS_DOWN, eid, state, version)) {
    if (row.eid === eid && row.state === state && isSnapshotSound(row)) return row;
  }
  return undefined;
}

/** A damaged head does not stand in the way of an older version: the changes know how far the state came. */
function headVersions(db: Connection, eid: number, state: string, atVersion: number | undefined): HeadVersions {
  try {
    return findHead(db, eid, state);
  } catch (error) {
    if (!isHoldfastError(error, 'CORRUPT_STATE')) throw error;
    const newest = newestChange(db, eid, state);
    if (atVersion !== undefined && newest !== undefined) return { version: newest, oldest: 1 };
    throw damagedState(eid, state, newest ?? 0, newest === undefined ? undefined : lastGoodVersion(db, eid, state, newest + 1));
  }
}

function newestChange(db: Connection, eid: number, state: string): number | undefined {
  return (
    db.get<{ version: number | null }>(
      'SELECT max(version) AS version FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ?',
      eid,
      state,
    )?.version ?? undefined
  );
}

/** The newest version below `before` that can be built. Costs what is kept of the state; only asked for when something is damaged. */
export function lastGoodVersion(db: Connection, eid: number, state: string, before: number): number | undefined {
  for (let version = before - 1; version > 0;) {
    const { base, stoppedAt } = chainTo(db, eid, state, version);
    if (base) return version;
    version = stoppedAt - 1;
  }
  return undefined;
}
