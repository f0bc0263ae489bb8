import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, put, refuse, write } from '../records.ts';

export const idempotencyCases: readonly CaseDefinition[] = [
  defineCase('idempotency-replay', 'gives the first result back to the same key and input, and refuses another input', async (context) => {
    const eid = await createEntity(context.store);
    const idempotency = { eid, key: 'order-1', inputHash: 'h1', body: '{"value":"first"}', ttlMs: 60_000 };
    await write(context.store, { idempotency, changes: [full(eid, 1)] });
    for await (const store of context.beforeAndAfterReopening()) {
      const again = { idempotency: { ...idempotency, body: '{"value":"second"}' }, changes: [full(eid, 2)] };
      assert.deepEqual(await refuse(store, again), { index: 0, refusal: { kind: 'replay', body: '{"value":"first"}' } });
      assert.deepEqual((await refuse(store, { idempotency: { ...idempotency, inputHash: 'h2' } })).refusal, { kind: 'mismatch' });
      assert.deepEqual((await refuse(store, { idempotency: { ...idempotency, inputHash: '' } })).refusal, { kind: 'mismatch' });
      assert.deepEqual(await store.heads(eid), [{ state: 'list', version: 1 }]);
    }
  }),
  defineCase('idempotency-before-version', 'answers a repeat although the versions have moved on', async ({ store }) => {
    const eid = await createEntity(store);
    const parts = {
      idempotency: { eid, key: 'k', inputHash: '', body: '1', ttlMs: 60_000 },
      expects: [{ eid, state: 'list', version: 0 }],
      changes: [full(eid, 1)],
    };
    await write(store, parts);
    assert.equal((await refuse(store, parts)).refusal.kind, 'replay');
  }),
  defineCase('idempotency-scope', 'keeps keys by entity, and knows one of them from another', async ({ store }) => {
    const [one, two] = [await createEntity(store, 'one'), await createEntity(store, 'two')];
    const keys = ['k', 'K', '__proto__', 'constructor', "'; --", '%', 'k\u{1f37a}'];
    for (const eid of [one, two])
      for (const key of keys)
        await write(store, { idempotency: { eid, key, inputHash: '', body: JSON.stringify([eid, key]), ttlMs: 60_000 } });
    for (const eid of [one, two]) {
      for (const key of keys)
        assert.deepEqual((await refuse(store, { idempotency: { eid, key, inputHash: '', body: '', ttlMs: 1 } })).refusal, {
          kind: 'replay',
          body: JSON.stringify([eid, key]),
        });
    }
  }),
  defineCase('idempotency-item', 'keeps the record as an item that says when it expires', async ({ store }) => {
    const eid = await createEntity(store);
    const { now } = await write(store, { idempotency: { eid, key: 'k', inputHash: 'h', body: '"b"', ttlMs: 7_000 } });
    const item = await store.item(eid, '$idem', 'k');
    assert.deepEqual(
      { ...item, body: JSON.parse(item?.body ?? 'null') as unknown },
      { eid, collection: '$idem', key: 'k', rev: 2, body: { inputHash: 'h', body: '"b"' }, expiresAt: now + 7_000 },
    );
  }),
  defineCase('idempotency-expiry', 'takes an expired key for one that was never used', async (context) => {
    const eid = await createEntity(context.store);
    const idempotency = { eid, key: 'k', inputHash: 'h', body: '1', ttlMs: 1_000 };
    await write(context.store, { idempotency });
    await context.advance(1_001);
    await write(context.store, { idempotency: { ...idempotency, inputHash: 'other', body: '2' } });
    assert.deepEqual((await refuse(context.store, { idempotency: { ...idempotency, inputHash: 'other' } })).refusal, {
      kind: 'replay',
      body: '2',
    });
  }),
  defineCase('idempotency-in-batch', 'sees the key of an earlier commit of the batch', async ({ store }) => {
    const eid = await createEntity(store);
    const parts = { idempotency: { eid, key: 'k', inputHash: '', body: '1', ttlMs: 60_000 }, puts: [put(eid, 'a')] };
    assert.deepEqual(await refuse(store, parts, parts), { index: 1, refusal: { kind: 'replay', body: '1' } });
    assert.equal(await store.item(eid, '$idem', 'k'), undefined);
  }),
];
