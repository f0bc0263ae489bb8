import { once } from 'node:events';
import { commitOf } from '../records.ts';
import { openChildStore, say } from './child-driver.ts';

/** Takes a lease, waits for a line of input, and then writes as its holder. Says what came of both. */
const { store, settings } = await openChildStore<{ eid: number; ttlMs: number }>();
const { eid, ttlMs } = settings;
const lease = { eid, collection: '$lease', key: 'turn' };
const taken = await store.commit([
  commitOf({ requires: [{ ...lease, rev: 'absent' }], puts: [{ ...lease, body: '{"holder":"child"}', ttlMs }] }),
]);
const token = taken.ok ? (taken.seqs[0] as number) : 0;
say(taken.ok ? 'held' : taken.refusal.kind);
await once(process.stdin, 'data');
const written = await store.commit([
  commitOf({ requires: [{ ...lease, rev: token }], puts: [{ eid, collection: 'things', key: 'by', body: '"child"' }] }),
]);
say(written.ok ? 'written' : written.refusal.kind);
await store.close();
process.stdin.destroy();
