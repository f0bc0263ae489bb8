import { commitOf, patch } from '../records.ts';
import { openChildStore, say } from './child-driver.ts';

/** Commits version after version, and says each one when the store has acknowledged it. */
const { store, settings } = await openChildStore<{ eid: number; from: number; commits: number }>();
const { eid, from, commits } = settings;
for (let version = from; version < from + commits; version += 1) {
  const result = await store.commit([
    commitOf({
      durability: 'synced',
      expects: [{ eid, state: 'list', version: version - 1 }],
      changes: [patch(eid, version)],
      puts: [{ eid, collection: 'things', key: 'last', body: String(version) }],
    }),
    commitOf({ durability: 'synced', changes: [patch(eid, version, `[${version}]`, 'twin')] }),
  ]);
  if (!result.ok) throw new Error(`refused: ${result.refusal.kind}`);
  say(String(version));
}
await store.close();
