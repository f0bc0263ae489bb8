import assert from 'node:assert/strict';
import type { BatchResult, Commit, EntityCreation, Refusal } from 'holdfast/store';
import type pg from 'pg';
import { commitBatch, increment, makeCommit } from './commit-batch.ts';
import { readLog } from './feed.ts';

/** Every kind of refusal, the order of the checks, and that a refused batch leaves nothing behind. */
export async function checkRefusals(client: pg.Client, schema: string): Promise<string> {
  const commit = (...batch: Commit[]): Promise<BatchResult> => commitBatch(client, schema, batch);
  const refused = async (batch: Commit[], index: number, expected: Partial<Refusal>): Promise<Refusal> => {
    const before = await everything(client, schema);
    const result = await commit(...batch);
    assert.ok(!result.ok, `expected ${expected.kind}`);
    assert.equal(result.index, index);
    assert.partialDeepStrictEqual(result.refusal, expected);
    assert.deepEqual(await everything(client, schema), before, `${expected.kind} wrote something`);
    return result.refusal;
  };
  let refs = 0;
  const creation = (id: string): EntityCreation => ({ ref: --refs, scope: 'conversation', id });

  // Creating, and naming what was created in the same batch.
  const [tab, till] = [creation('tab'), creation('till')];
  const first = increment(tab.ref, 0, { creates: [tab], puts: [{ eid: tab.ref, collection: 'note', key: 'a', body: '"a"' }] });
  const made = await commit(
    first,
    increment(tab.ref, 1),
    increment(till.ref, 0, { creates: [till] }),
    makeCommit({ touch: [{ eid: till.ref, ttlMs: null }] }),
  );
  assert.ok(made.ok);
  assert.deepEqual(made.seqs, [1, 2, 3, 0], 'dense, and none for a commit that only touches');
  const eidOf = (ref: number): number => made.created.find((entity) => entity.ref === ref)!.eid;
  const [tabEid, tillEid] = [eidOf(tab.ref), eidOf(till.ref)];

  await refused([first], 0, { kind: 'already', seq: 1 });
  const twice = increment(tillEid, 1);
  await refused([twice, { ...twice, expects: [], changes: [] }], 1, { kind: 'already', seq: 4 });
  const again = creation('tab');
  await refused([increment(tillEid, 1), increment(again.ref, 0, { creates: [again] })], 1, { kind: 'exists', ref: again.ref, eid: tabEid });
  await refused([increment(tillEid, 1), increment(tillEid, 1)], 1, {
    kind: 'conflict',
    eid: tillEid,
    state: 'count',
    expected: 1,
    actual: 2,
  });
  await refused([makeCommit({ expects: [{ eid: tabEid, state: 'count', version: 1 }] })], 0, { kind: 'conflict', actual: 2 });
  const orphan = creation('orphan');
  await refused([increment(orphan.ref, 0, { creates: [orphan] }), increment(tillEid, 7)], 1, { kind: 'conflict', actual: 1 });

  // Idempotency, looked up before the version check.
  const idempotency = { eid: tillEid, key: 'charge', inputHash: 'h1', body: '{"versions":{"count":2}}', ttlMs: 60_000 };
  assert.ok((await commit(increment(tillEid, 1, { idempotency }))).ok);
  await refused([increment(tillEid, 1, { idempotency })], 0, { kind: 'replay', body: idempotency.body });
  await refused([increment(tillEid, 1, { idempotency: { ...idempotency, inputHash: 'h2' } })], 0, { kind: 'mismatch' });
  const brief = { ...idempotency, key: 'brief', ttlMs: 0 };
  assert.ok((await commit(increment(tillEid, 2, { idempotency: brief }))).ok);
  assert.ok((await commit(increment(tillEid, 3, { idempotency: brief }))).ok, 'an expired record counts as absent');

  // Requirements: leases that live and expire by the clock of the database.
  const lease = { eid: tabEid, collection: '$lease', key: 'tab' };
  const acquired = await commit(makeCommit({ requires: [{ ...lease, rev: 'absent' }], puts: [{ ...lease, body: '"A"', ttlMs: 60_000 }] }));
  assert.ok(acquired.ok);
  const token = acquired.seqs[0]!;
  const held = await refused([increment(tillEid, 4), makeCommit({ requires: [{ ...lease, rev: 'absent' }] })], 1, {
    kind: 'unmet',
    index: 0,
  });
  assert.partialDeepStrictEqual(held, { found: { ...lease, rev: token, body: '"A"' } });
  assert.ok(
    (await commit(makeCommit({ requires: [{ ...lease, rev: token }], puts: [{ ...lease, body: '"A"', ttlMs: 0, keepRev: true }] }))).ok,
  );
  const expired = await refused([increment(tabEid, 2, { requires: [{ ...lease, rev: token }] })], 0, { kind: 'unmet', index: 0 });
  assert.ok(expired.kind === 'unmet' && !expired.found, 'an expired lease is absent');
  const next = await commit(
    makeCommit({ requires: [{ ...lease, rev: 'absent' }], puts: [{ ...lease, body: '"B"', ttlMs: 60_000, keepRev: true }] }),
  );
  assert.ok(next.ok && next.seqs[0]! > token, 'a token never repeats');
  await refused([increment(tabEid, 9, { requires: [{ ...lease, rev: token }] })], 0, { kind: 'unmet' }); // before the versions

  // Deleting everything that an entity has; the log keeps that it was deleted.
  const dropped = await commit(makeCommit({ meta: { flags: ['deleted'] }, drops: [tillEid] }));
  assert.ok(dropped.ok);
  await refused([increment(tabEid, 2), increment(tillEid, 4)], 1, { kind: 'gone', eid: tillEid });
  const log = await readLog(client, schema, dropped.seqs[0]! - 1);
  assert.deepEqual(log[0]!.drops, [{ eid: tillEid, scope: 'conversation', id: 'till' }]);
  const child = creation('child');
  await refused([makeCommit({ creates: [{ ...child, parent: tillEid }] })], 0, { kind: 'gone', eid: tillEid });
  await refused([makeCommit({ drops: [tabEid] }), makeCommit({ touch: [{ eid: tabEid, ttlMs: 1.5 }] })], 1, { kind: 'gone', eid: tabEid });
  const remade = creation('till');
  const anew = await commit(increment(remade.ref, 0, { creates: [remade] }));
  assert.ok(anew.ok && anew.created[0]!.eid > tillEid, 'an eid is never used again');
  return 'refusals: already replay mismatch gone exists unmet conflict, each takes back the whole batch';
}

/** All rows of the store. */
async function everything(client: pg.Client, schema: string): Promise<unknown> {
  const tables = ['meta', 'entity', 'commit', 'head', 'change', 'item'];
  const all: unknown[] = [];
  for (const table of tables) all.push((await client.query(`SELECT * FROM ${schema}.${table} ORDER BY 1, 2, 3`)).rows);
  return all;
}
