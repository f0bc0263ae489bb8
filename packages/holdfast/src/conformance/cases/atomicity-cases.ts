import assert from 'node:assert/strict';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, dump, full, patch, put, refuse, valueOf, write } from '../records.ts';

export const atomicityCases: readonly CaseDefinition[] = [
  defineCase('atomic-batch', 'writes nothing of a batch when any one of its commits is refused', async ({ store }) => {
    const eid = await createEntity(store, 'one', { ttlMs: 60_000 }, { changes: [full(-1, 1)], puts: [put(-1, 'old')] });
    const before = await dump(store);
    for (let bad = 0; bad < 4; bad += 1) {
      const batch = [
        { changes: [patch(eid, 2)], touch: [{ eid, ttlMs: 1 }] },
        { creates: [{ ref: -1, scope: 'team', id: 'new' }], changes: [full(-1, 1)], puts: [put(-1, 'k')] },
        { deletes: [{ eid, collection: 'things', key: 'old' }], idempotency: { eid, key: 'i', inputHash: '', body: '1', ttlMs: 1_000 } },
        { puts: [put(eid, 'old', '"changed"')] },
      ];
      batch.splice(bad, 0, { expects: [{ eid, state: 'list', version: 99 }], drops: [eid] } as never);
      const { index, refusal } = await refuse(store, ...batch);
      assert.equal(index, bad);
      assert.equal(refusal.kind, 'conflict');
      assert.deepEqual(await dump(store), before, `refused at ${bad}`);
    }
    const { seqs } = await write(store, { puts: [put(eid, 'next')] });
    assert.deepEqual(seqs, [2], 'refused batches use up no seq');
  }),
  defineCase('atomic-throw', 'writes nothing of a batch that holds a commit that makes no sense', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1)] });
    const before = await dump(store);
    await assert.rejects(write(store, { changes: [patch(eid, 2)] }, { puts: [put(-5, 'of an unknown ref')] }), {
      code: 'INVALID_ARGUMENT',
    });
    await assert.rejects(write(store, { puts: [put(eid, 'k')] }, { changes: [patch(eid, 1)] }), { code: 'INVALID_ARGUMENT' });
    await assert.rejects(write(store, { puts: [put(eid, 'k', '{}', { ttlMs: Number.NaN })] }), { code: 'INVALID_ARGUMENT' });
    assert.deepEqual(await dump(store), before);
  }),
  defineCase('atomic-sees-earlier', 'shows each commit of a batch what those before it wrote', async ({ store }) => {
    const eid = await createEntity(store);
    const { seqs } = await write(
      store,
      { expects: [{ eid, state: 'list', version: 0 }], changes: [full(eid, 1)], puts: [put(eid, 'k')] },
      {
        expects: [{ eid, state: 'list', version: 1 }],
        requires: [{ eid, collection: 'things', key: 'k', rev: 2 }],
        changes: [patch(eid, 2)],
        deletes: [{ eid, collection: 'things', key: 'k' }],
      },
      {
        expects: [{ eid, state: 'list', version: 2 }],
        requires: [{ eid, collection: 'things', key: 'k', rev: 'absent' }],
        changes: [patch(eid, 3)],
      },
    );
    assert.deepEqual(seqs, [2, 3, 4]);
    assert.deepEqual(valueOf(await store.load(eid, 'list')), [1, 2, 3]);
    const { index, refusal } = await refuse(store, { changes: [patch(eid, 4)] }, { expects: [{ eid, state: 'list', version: 3 }] });
    assert.equal(index, 1);
    assert.deepEqual(refusal, { kind: 'conflict', eid, state: 'list', expected: 3, actual: 4 });
  }),
  defineCase('atomic-across', 'writes one commit over several entities and states', async ({ store }) => {
    const { created } = await write(store, {
      creates: [
        { ref: -1, scope: 'team', id: 't' },
        { ref: -2, scope: 'conversation', id: 'c' },
      ],
      changes: [full(-1, 1, '[1]', 'till'), full(-2, 1, '[2]', 'tab')],
    });
    const [team, conversation] = [
      created.find(({ ref }) => ref === -1)?.eid as number,
      created.find(({ ref }) => ref === -2)?.eid as number,
    ];
    const stale = {
      expects: [
        { eid: team, state: 'till', version: 1 },
        { eid: conversation, state: 'tab', version: 0 },
      ],
      changes: [full(team, 2, '[3]', 'till'), full(conversation, 2, '[4]', 'tab')],
    };
    assert.equal((await refuse(store, stale)).refusal.kind, 'conflict');
    assert.deepEqual(valueOf(await store.load(team, 'till')), [1]);
    assert.deepEqual(valueOf(await store.load(conversation, 'tab')), [2]);
  }),
  defineCase(
    'atomic-no-trace',
    'checks and answers a commit that writes nothing, without a seq or a trace in the log',
    async ({ store }) => {
      const eid = await createEntity(store, 'one', { ttlMs: 1_000 }, { changes: [full(-1, 1)] });
      const { seqs, now } = await write(
        store,
        {},
        { expects: [{ eid, state: 'list', version: 1 }] },
        { touch: [{ eid, ttlMs: 5_000 }] },
        { puts: [put(eid, 'k')] },
      );
      assert.deepEqual(seqs, [0, 0, 0, 2]);
      assert.equal((await store.log(0, {}, 10)).commits.length, 2);
      const entity = await store.entity('conversation', 'one');
      assert.equal(entity?.expiresAt, now + 5_000);
      assert.equal(entity?.ttlMs, 5_000);
      assert.equal((await refuse(store, { touch: [{ eid: eid + 1_000, ttlMs: 1 }] })).refusal.kind, 'gone');
    },
  ),
  defineCase('atomic-large-batch', 'writes 64 commits on one state in one batch', async ({ store }) => {
    const eid = await createEntity(store);
    const parts = Array.from({ length: 64 }, (_, index) => ({
      durability: 'synced' as const,
      expects: [{ eid, state: 'list', version: index }],
      changes: [index === 0 ? full(eid, 1) : patch(eid, index + 1)],
    }));
    const { seqs } = await write(store, ...parts);
    assert.deepEqual(
      seqs,
      Array.from({ length: 64 }, (_, index) => index + 2),
    );
    assert.equal(valueOf(await store.load(eid, 'list'))?.length, 64);
  }),
  defineCase('atomic-concurrent-reads', 'shows whole batches only to reads made while it writes', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 1, '[1]', 'a'), full(-1, 1, '[1]', 'b')] });
    for (let version = 2; version < 12; version += 1) {
      const writing = write(
        store,
        { changes: [full(eid, version, `[${version}]`, 'a')] },
        { changes: [full(eid, version, `[${version}]`, 'b')] },
      );
      const heads = await store.heads(eid);
      assert.equal(new Set(heads.map((head) => head.version)).size, 1, JSON.stringify(heads));
      await writing;
    }
  }),
];
