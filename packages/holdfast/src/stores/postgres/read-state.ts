import { damagedState, patchRuns, type Change, type LoadedState } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import {
  isChangeSound,
  isHeadSound,
  isSnapshotSound,
  snapshotBody,
  toChange,
  type ChangeRow,
  type HeadRow,
  type SnapshotRow,
} from './rows.ts';

/**
 * The head, and what lies between the newest full value and the version asked for. One statement: behind a pooler two of them could see
 * two moments. `$4` reads everything instead, for when something is damaged or not kept.
 */
const ROWS_OF_STATE = `
WITH h AS (SELECT * FROM holdfast.head WHERE eid = $1 AND state = $2),
wanted AS (SELECT coalesce($3::bigint, (SELECT version FROM h)) AS version),
snap AS (SELECT max(s.version) AS version FROM holdfast.snapshot s, wanted w WHERE s.eid = $1 AND s.state = $2 AND s.version <= w.version),
whole AS (SELECT max(c.version) AS version FROM holdfast.change c, wanted w WHERE c.eid = $1 AND c.state = $2 AND c.kind = 'full' AND c.version <= w.version),
base AS (SELECT greatest(coalesce((SELECT version FROM snap), 0) + 1, coalesce((SELECT version FROM whole), 0)) AS version)
SELECT 'head' AS what, eid, state, version, oldest, NULL::bigint AS seq, NULL::integer AS n, NULL::bigint AS def_version, NULL AS kind, NULL AS codec, NULL AS body, NULL::bytea AS bytes, sum FROM h
UNION ALL
SELECT 'snapshot', s.eid, s.state, s.version, NULL, NULL, NULL, s.def_version, NULL, s.codec, NULL, s.body, s.sum
  FROM holdfast.snapshot s WHERE s.eid = $1 AND s.state = $2 AND CASE WHEN $4 THEN true ELSE s.version = (SELECT version FROM snap) END
UNION ALL
SELECT 'change', c.eid, c.state, c.version, NULL, c.seq, c.n, c.def_version, c.kind, NULL, c.body, NULL, c.sum
  FROM holdfast.change c WHERE c.eid = $1 AND c.state = $2
   AND c.version >= CASE WHEN $4 THEN 0 ELSE (SELECT version FROM base) END
   AND ($4 OR c.version <= (SELECT version FROM wanted))`;

type StateRow =
  | ({ readonly what: 'head' } & HeadRow)
  | ({ readonly what: 'snapshot'; readonly bytes: Uint8Array } & Omit<SnapshotRow, 'body'>)
  | ({ readonly what: 'change' } & ChangeRow);

export async function readState(
  db: Connection,
  eid: number,
  state: string,
  atVersion: number | undefined,
): Promise<LoadedState | undefined> {
  const near = await readRows(db, eid, state, atVersion, false);
  const found = near.head && near.loaded(near.head, atVersion);
  if (found) return found;
  if (near.isEmpty && atVersion === undefined) return undefined;
  return (await readRows(db, eid, state, atVersion, true)).loadedOrThrow(eid, state, atVersion);
}

/** The newest version below `before` that can be built. Costs what is kept of the state; only asked for when something is damaged. */
export async function lastGoodVersion(db: Connection, eid: number, state: string, before: number): Promise<number | undefined> {
  return (await readRows(db, eid, state, undefined, true)).lastGoodVersion(before);
}

async function readRows(db: Connection, eid: number, state: string, atVersion: number | undefined, all: boolean): Promise<RowsOfState> {
  return new RowsOfState(await db.read<StateRow>(ROWS_OF_STATE, [eid, state, atVersion ?? null, all]));
}

/** Rows of one state, and the versions that can be built of them. */
class RowsOfState {
  /** Undefined when it is not there or damaged. */
  readonly head: { readonly version: number; readonly oldest: number } | undefined;
  readonly isEmpty: boolean;
  readonly #isHeadDamaged: boolean;
  readonly #changes = new Map<number, ChangeRow>();
  readonly #snapshots = new Map<number, SnapshotRow>();

  constructor(rows: readonly StateRow[]) {
    const head = rows.find((row) => row.what === 'head');
    this.head = head && isHeadSound(head) ? { version: Number(head.version), oldest: Number(head.oldest) } : undefined;
    this.#isHeadDamaged = head !== undefined && this.head === undefined;
    this.isEmpty = rows.length === 0;
    for (const row of rows) {
      if (row.what === 'change') this.#changes.set(Number(row.version), row);
      else if (row.what === 'snapshot') this.#snapshots.set(Number(row.version), { ...row, body: row.bytes });
    }
  }

  loaded(head: { readonly version: number }, atVersion: number | undefined): LoadedState | undefined {
    const version = atVersion ?? head.version;
    if (version > head.version || version < 1) return undefined;
    const { base, patches } = this.#chainTo(version);
    return base && { head: head.version, base, patches: patchRuns(patches) };
  }

  /** Among all rows of the state: a version that is damaged is told from one that is not kept. A damaged head does not stand in the way of older versions. */
  loadedOrThrow(eid: number, state: string, atVersion: number | undefined): LoadedState | undefined {
    const newest = Math.max(0, ...this.#changes.keys());
    if (!this.head && (this.#isHeadDamaged || newest > 0) && (atVersion === undefined || newest === 0))
      throw damagedState(eid, state, newest, this.lastGoodVersion(newest + 1));
    const { version: head, oldest } = this.head ?? { version: newest, oldest: 1 };
    const version = atVersion ?? head;
    if (version > head || version < 1) return undefined;
    const found = this.loaded({ version: head }, version);
    if (found || (version < oldest && !this.#snapshots.has(version))) return found;
    throw damagedState(eid, state, this.#chainTo(version).stoppedAt, this.lastGoodVersion(version));
  }

  lastGoodVersion(before: number): number | undefined {
    for (let version = before - 1; version > 0;) {
      const { base, stoppedAt } = this.#chainTo(version);
      if (base) return version;
      version = stoppedAt - 1;
    }
    return undefined;
  }

  /**
   * Walks down from the version to the first full value. A snapshot is derived: a damaged one is passed over if there is another way. `stoppedAt` is the
   * version that is missing or damaged when there is no base.
   */
  #chainTo(version: number): { readonly base?: LoadedState['base']; readonly patches: readonly Change[]; readonly stoppedAt: number } {
    const patches: Change[] = [];
    for (let wanted = version; ; wanted -= 1) {
      const snapshot = this.#snapshots.get(wanted);
      const change = this.#changes.get(wanted);
      const base =
        snapshot && isSnapshotSound(snapshot)
          ? { version: wanted, defVersion: Number(snapshot.def_version), body: snapshotBody(snapshot) }
          : change?.kind === 'full' &&
            isChangeSound(change) && { version: wanted, defVersion: Number(change.def_version), body: change.body };
      if (base) return { base, patches: patches.toReversed(), stoppedAt: wanted };
      if (!change || change.kind === 'full' || !isChangeSound(change)) return { patches, stoppedAt: wanted };
      patches.push(toChange(change));
    }
  }
}
