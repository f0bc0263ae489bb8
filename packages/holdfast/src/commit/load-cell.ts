import { replay } from '../history/replay.ts';
import type { Store } from '../store/index.ts';
import type { StateCell } from './state-cell.ts';

const loading = new WeakMap<StateCell, Promise<void>>();

/** Brings a stale cell to the head of the store; concurrent calls share one load. */
export function loadCell(store: Store, cell: StateCell): Promise<void> {
  let running = loading.get(cell);
  if (!running) {
    running = load(store, cell).finally(() => loading.delete(cell));
    loading.set(cell, running);
  }
  return running;
}

async function load(store: Store, cell: StateCell): Promise<void> {
  const { eid } = cell.entity;
  // Cleared first: if the log moves on meanwhile, the follower marks the cell again.
  cell.stale = false;
  if (eid === undefined) return;
  try {
    const loaded = await store.load(eid, cell.state);
    if (!loaded) return;
    const { version, defVersion, value, baseBytes, patchBytes } = replay(loaded);
    if (version <= cell.version) return;
    await cell.reader.secrets?.load();
    const current = cell.reader.read(value, defVersion, version);
    cell.fullBytes = baseBytes;
    cell.logBytes = patchBytes;
    cell.logPatches = loaded.patches.length;
    cell.publish(version, current, defVersion);
  } catch (error) {
    cell.stale = true;
    throw error;
  }
}
