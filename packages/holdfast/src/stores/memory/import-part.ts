import type { ImportPart } from '../../store/index.ts';
import { compact } from './compact.ts';
import type { Tables } from './tables.ts';

/** Writes the part, or nothing of it; one synchronous block. */
export function importPart(tables: Tables, { entities = [], commits = [], snapshots = [], items = [] }: ImportPart): void {
  try {
    for (const entity of entities) tables.insertEntity({ ...entity });
    for (const { seq, commitId, at, changes, drops, ...meta } of commits) {
      for (const { scope: _scope, id: _id, isOldest: _isOldest, ...change } of changes) tables.addChange(change);
      for (const { eid } of drops) tables.useEid(eid);
      tables.addCommit({ seq, commitId, at, meta: structuredClone(meta), changes, drops });
    }
    for (const item of items) tables.putItem({ ...item });
    tables.keep();
  } finally {
    tables.rollback();
  }
  const wanted = snapshots.filter(({ eid, state, version }) => tables.states.get(eid)?.get(state)?.changes.get(version)?.kind !== 'full');
  compact(tables, { snapshots: wanted, prune: [] });
}
