import { diagnostics, observed } from '../event/index.ts';
import { replay } from '../history/replay.ts';
import type { Store } from '../store/index.ts';
import type { StateCell } from './state-cell.ts';

interface Loaded {
  readonly version: number;
  readonly patches: number;
  /** Characters of the full value and of the patches. */
  readonly size: number;
}

const NOTHING: Loaded = { version: 0, patches: 0, size: 0 };
const loading = new WeakMap<StateCell, Promise<void>>();

/** Whether the cell is to be loaded before it is used: it is stale, or on its way from there. */
export function isBehind(cell: StateCell): boolean {
  return cell.stale || loading.has(cell);
}

/** Brings a stale cell to the head of the store; concurrent calls share one load. */
export function loadCell(store: Store, cell: StateCell): Promise<void> {
  let running = loading.get(cell);
  if (!running) {
    running = tellingLoad(store, cell).finally(() => loading.delete(cell));
    loading.set(cell, running);
  }
  return running;
}

async function tellingLoad(store: Store, cell: StateCell): Promise<void> {
  const { eid, scope, id } = cell.entity;
  // Cleared first: if the log moves on meanwhile, the follower marks the cell again.
  cell.stale = false;
  if (eid === undefined) return;
  await observed(
    diagnostics.load,
    () => load(store, cell, eid),
    (loaded = NOTHING) => ({ store: store.name, entity: { scope, id }, state: cell.state, ...loaded }),
  );
}

async function load(store: Store, cell: StateCell, eid: number): Promise<Loaded> {
  try {
    const loaded = await store.load(eid, cell.state);
    if (!loaded) return NOTHING;
    const { version, defVersion, value, baseBytes, patchBytes, patchCount } = replay(loaded);
    const found = { version, patches: patchCount, size: baseBytes + patchBytes };
    if (version <= cell.version) return found;
    await cell.reader.secrets?.load();
    const current = cell.reader.read(value, defVersion, version);
    cell.fullBytes = baseBytes;
    cell.logBytes = patchBytes;
    cell.logPatches = found.patches;
    cell.publish(version, current, defVersion);
    return found;
  } catch (error) {
    cell.stale = true;
    throw error;
  }
}
