import type { StateCell } from '../commit/index.ts';
import { diagnostics, observed } from '../event/index.ts';
import type { Snapshot, Store } from '../store/index.ts';

/** A log shorter than this is replayed faster than a snapshot is worth. */
const MIN_LOG_CHARACTERS = 65_536;
const MAX_LOG_PATCHES = 2_000;

interface DueSnapshot {
  readonly cell: StateCell;
  readonly snapshot: Snapshot;
}

/** Writes the snapshots that are due. Costs a JSON.stringify of each state that is. */
export async function writeDueSnapshots(store: Store, cells: readonly StateCell[]): Promise<void> {
  const due = dueSnapshots(cells);
  if (due.length === 0) return;
  await observed(
    diagnostics.snapshot,
    () => store.compact({ snapshots: due.map(({ snapshot }) => snapshot), prune: [] }),
    () => ({
      store: store.name,
      states: due.map(({ cell, snapshot: { state, version } }) => ({ scope: cell.entity.scope, id: cell.entity.id, state, version })),
    }),
  );
}

/**
 * The snapshots that are due: where the patches outgrew the larger of 64 kB and the last full value, or 2,000 in number. So what is stored
 * is at most about twice what changed, and opening a state is short.
 */
function dueSnapshots(cells: readonly StateCell[]): readonly DueSnapshot[] {
  const due = cells.filter(
    ({ logBytes, logPatches, fullBytes }) => logBytes > Math.max(MIN_LOG_CHARACTERS, fullBytes) || logPatches > MAX_LOG_PATCHES,
  );
  return due.flatMap((cell) => {
    const { entity, state, version, defVersion, value, reader } = cell;
    if (entity.eid === undefined || entity.gone || cell.stale) return [];
    const body = JSON.stringify(reader.secrets ? reader.secrets.stored(value) : value);
    cell.fullBytes = body.length;
    cell.logBytes = 0;
    cell.logPatches = 0;
    return [{ cell, snapshot: { eid: entity.eid, state, version, defVersion, body } }];
  });
}
