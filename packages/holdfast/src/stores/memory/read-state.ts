import { patchRuns, type Change, type LoadedState } from '../../store/index.ts';
import type { Tables } from './tables.ts';

export function readState(tables: Tables, eid: number, state: string, atVersion: number | undefined): LoadedState | undefined {
  const rows = tables.states.get(eid)?.get(state);
  if (!rows || (atVersion ?? rows.head) > rows.head) return undefined;
  const patches: Change[] = [];
  for (let version = atVersion ?? rows.head; version > 0; version -= 1) {
    const change = rows.changes.get(version);
    const base = change?.kind === 'full' ? change : rows.snapshots.get(version);
    if (base) {
      const { defVersion, body } = base;
      return { head: rows.head, base: { version, defVersion, body }, patches: patchRuns(patches.toReversed()) };
    }
    if (!change) return undefined;
    patches.push(change);
  }
  return undefined;
}
