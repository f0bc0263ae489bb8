import { commitOf, full, valueOf } from '../records.ts';
import { openChildStore } from './child-driver.ts';

/** Adds 1 to a counter `times` times by compare-and-swap, against whoever else does so. */
const { store, settings } = await openChildStore<{ eid: number; times: number }>();
const { eid, times } = settings;
for (let done = 0; done < times;) {
  const loaded = await store.load(eid, 'counter');
  const version = loaded?.head ?? 0;
  const count = Number(valueOf(loaded)?.[0] ?? 0);
  const commit = commitOf({
    expects: [{ eid, state: 'counter', version }],
    changes: [full(eid, version + 1, `[${count + 1}]`, 'counter')],
  });
  const result = await store.commit([commit]);
  if (result.ok) done += 1;
  else if (result.refusal.kind !== 'conflict') throw new Error(`refused: ${result.refusal.kind}`);
}
await store.close();
