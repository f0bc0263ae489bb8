import { isHoldfastError } from '../../errors/index.ts';
import { damagedState, type Change, type LoadedState } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findHead, type HeadVersions } from './find-rows.ts';
import { changeSum, isChangeSound, isSnapshotSound, snapshotBody, toChange, type ChangeRow, type SnapshotRow } from './rows.ts';

const CHANGES_DOWN =
  'SELECT * FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version > ? AND version <= ? ORDER BY version DESC';
/** The patches of a page as one row: to make a row of each costs more than to parse its patch. U+001E, which is in no JSON text, stands between them. */
const PATCHES =
  "SELECT group_concat(body, '\u001E') AS bodies, json_group_array(seq) AS seqs, json_group_array(sum) AS sums, min(def_version) AS defVersion, max(def_version) AS newest FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version > ? AND version <= ? AND kind = 'patch'";
/** How many at a time. */
const PAGE = 256;
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
  readonly base?: LoadedState['base'];
  readonly patches: readonly Change[];
  /** The version that is missing or damaged when there is no base. */
  readonly stoppedAt: number;
}

/** Walks down from the version to the first full value. A snapshot is derived: a damaged one is passed over if there is another way. */
function chainTo(db: Connection, eid: number, state: string, version: number): Chain {
  const snapshot = newestSoundSnapshot(db, eid, state, version);
  const after = snapshot?.version ?? 0;
  const pages: (readonly Change[])[] = [];
  let wanted = version;
  while (wanted > after) {
    const page = soundPatches(db, { eid, state, after: Math.max(after, wanted - PAGE), upTo: wanted });
    if (page.length === 0) break;
    pages.push(page);
    wanted -= page.length;
  }
  for (const row of db.iterate<ChangeRow>(CHANGES_DOWN, eid, state, after, wanted)) {
    if (row.version !== wanted || !isChangeSound(row)) break;
    const { def_version: defVersion, body } = row;
    if (row.kind === 'full') return { base: { version: wanted, defVersion, body }, patches: upwards(pages), stoppedAt: wanted };
    pages.push([toChange(row)]);
    wanted -= 1;
  }
  if (snapshot?.version !== wanted) return { patches: upwards(pages), stoppedAt: wanted };
  return {
    base: { version: wanted, defVersion: snapshot.def_version, body: snapshotBody(snapshot) },
    patches: upwards(pages),
    stoppedAt: wanted,
  };
}

function upwards(pages: readonly (readonly Change[])[]): readonly Change[] {
  return pages.toReversed().flat();
}

interface Range {
  readonly eid: number;
  readonly state: string;
  readonly after: number;
  readonly upTo: number;
}

/** The last changes of the range, if they are patches without a gap and all of them are sound; otherwise none, and it is left to be seen row by row why. */
function soundPatches(db: Connection, { eid, state, after, upTo }: Range): readonly Change[] {
  const { bodies, seqs, sums, defVersion, newest } = patchesTogether(db, { eid, state, after, upTo });
  if (bodies === null || defVersion !== newest) return [];
  const seqOf = JSON.parse(seqs) as number[];
  const sumOf = JSON.parse(sums) as number[];
  const first = upTo - seqOf.length + 1;
  const page: Change[] = [];
  for (const [index, body] of bodies.split('\u001E').entries()) {
    const version = first + index;
    if (changeSum({ eid, state, version, seq: seqOf[index] as number, def_version: defVersion, kind: 'patch', body }) !== sumOf[index])
      return [];
    page.push({ eid, state, version, defVersion, kind: 'patch', body });
  }
  return page;
}

/** What is no obstacle row by row may be one here: more than 512 MB of text, or a blob in the place of a number. */
function patchesTogether(db: Connection, { eid, state, after, upTo }: Range): Patches {
  try {
    return db.get<Patches>(PATCHES, eid, state, after, upTo) as Patches;
  } catch {
    return { bodies: null, seqs: '', sums: '', defVersion: 0, newest: 0 };
  }
}

interface Patches {
  readonly bodies: string | null;
  readonly seqs: string;
  readonly sums: string;
  /** The least and the greatest version of the definition. */
  readonly defVersion: number;
  readonly newest: number;
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
