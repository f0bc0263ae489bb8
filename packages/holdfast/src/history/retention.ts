import type { StateCell } from '../commit/index.ts';
import { diagnostics, observed } from '../event/index.ts';
import { COLLECTION, type Snapshot, type Store } from '../store/index.ts';
import { replay } from './replay.ts';

/** Pruning waits until a quarter more than what is kept has come together, so that it costs little per commit. */
const SLACK = 1.25;
const PAGE = 500;

/**
 * Deletes what the states' retention does not keep: versions before the newest `keepVersions`, except those that a checkpoint names, which are
 * first written in full. Costs a few reads for each state that has a quarter more than it keeps, and nothing for the others.
 */
export async function pruneHistory(store: Store, cells: readonly StateCell[]): Promise<void> {
  for (const cell of cells) {
    const { entity, version, reader, prunedBefore } = cell;
    const beforeVersion = version - reader.keepVersions + 1;
    if (entity.eid === undefined || entity.gone || version - prunedBefore <= reader.keepVersions * SLACK) continue;
    const { eid } = entity;
    const keepSnapshots = await pinnedVersions(store, eid, cell.state, beforeVersion);
    const snapshots: Snapshot[] = [];
    for (const at of [...keepSnapshots, beforeVersion]) {
      const loaded = await store.load(eid, cell.state, at);
      if (!loaded) continue;
      const { value, defVersion } = replay(loaded);
      snapshots.push({ eid, state: cell.state, version: at, defVersion, body: JSON.stringify(value) });
    }
    const { scope, id } = entity;
    await observed(
      diagnostics.prune,
      () => store.compact({ snapshots, prune: [{ eid, state: cell.state, beforeVersion, keepSnapshots }] }),
      () => ({ store: store.name, entity: { scope, id }, state: cell.state, beforeVersion, kept: keepSnapshots }),
    );
    cell.prunedBefore = beforeVersion;
  }
}

/** Versions of the state that checkpoints name and that would go. */
async function pinnedVersions(store: Store, eid: number, state: string, beforeVersion: number): Promise<readonly number[]> {
  const pinned = new Set<number>();
  for (let after: { eid: number; key: string } | undefined; ;) {
    const page = await store.items({ eid, collection: COLLECTION.checkpoint }, after, PAGE);
    for (const { body } of page) {
      const version = (JSON.parse(body) as { versions: Record<string, number> }).versions[state];
      if (version !== undefined && version < beforeVersion) pinned.add(version);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return [...pinned];
    after = { eid, key: last.key };
  }
}
