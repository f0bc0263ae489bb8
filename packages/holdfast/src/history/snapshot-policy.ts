import type { StateCell } from '../commit/index.ts';
import type { CompactionPlan } from '../store/index.ts';

/** A log shorter than this is replayed faster than a snapshot is worth. */
const MIN_LOG_CHARACTERS = 65_536;
const MAX_LOG_PATCHES = 2_000;

/**
 * The snapshots that are due: where the patches outgrew the larger of 64 kB and the last full value, or 2,000 in number. So what is stored
 * is at most about twice what changed, and opening a state is short. Costs a JSON.stringify of each state that is due.
 */
export function dueSnapshots(cells: readonly StateCell[]): CompactionPlan | undefined {
  const due = cells.filter(
    ({ logBytes, logPatches, fullBytes }) => logBytes > Math.max(MIN_LOG_CHARACTERS, fullBytes) || logPatches > MAX_LOG_PATCHES,
  );
  if (due.length === 0) return undefined;
  const snapshots = due.flatMap((cell) => {
    const { entity, state, version, defVersion, value, reader } = cell;
    if (entity.eid === undefined || entity.gone || cell.stale) return [];
    const body = JSON.stringify(reader.secrets ? reader.secrets.stored(value) : value);
    cell.fullBytes = body.length;
    cell.logBytes = 0;
    cell.logPatches = 0;
    return [{ eid: entity.eid, state, version, defVersion, body }];
  });
  return { snapshots, prune: [] };
}
