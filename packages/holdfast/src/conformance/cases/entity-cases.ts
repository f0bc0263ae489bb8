import assert from 'node:assert/strict';
import type { EntityCreation, EntityRecord } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { collect, createEntity, full, patch, put, refuse, write } from '../records.ts';

export const entityCases: readonly CaseDefinition[] = [
  defineCase('entity-record', 'keeps what an entity was created with, and only that', async ({ store }) => {
    const origin = { eid: 3, id: 'source', checkpoint: 'before "it"', versions: { list: 4, ['__proto__']: 1 } };
    const parent = await createEntity(store, 'plain');
    const { now, created } = await write(store, {
      creates: [{ ref: -7, scope: 'workflow', id: 'w', parent, subject: 'someone', origin, ttlMs: 1_000 }],
    });
    const [{ eid } = { eid: 0 }] = created;
    assert.deepEqual(created, [{ ref: -7, eid }]);
    assert.deepEqual(await store.entity('workflow', 'w'), {
      eid,
      scope: 'workflow',
      id: 'w',
      parent,
      subject: 'someone',
      origin,
      ttlMs: 1_000,
      expiresAt: now + 1_000,
    });
    assert.deepEqual(await store.entity('conversation', 'plain'), { eid: parent, scope: 'conversation', id: 'plain' });
    for (const [scope, id] of [
      ['workflow', 'w'],
      ['conversation', 'plain'],
    ] as const) {
      const found = await store.entity(scope, id);
      assert.deepEqual(await store.entityByEid(found?.eid ?? 0), found);
    }
    assert.equal(await store.entityByEid(eid + 1_000), undefined);
    assert.equal(await store.entity('workflow', 'W'), undefined);
    assert.equal(await store.entity('team', 'w'), undefined);
  }),
  defineCase('entity-refs', 'lets a commit use the entities that it and earlier commits of its batch create', async ({ store }) => {
    const { created } = await write(
      store,
      {
        creates: [
          { ref: -1, scope: 'team', id: 'parent' },
          { ref: -2, scope: 'conversation', id: 'child', parent: -1 },
        ],
        expects: [{ eid: -2, state: 'list', version: 0 }],
        requires: [{ eid: -2, collection: 'things', key: 'k', rev: 'absent' }],
        changes: [full(-2, 1)],
        puts: [put(-2, 'k')],
        touch: [{ eid: -2, ttlMs: 9_000 }],
        idempotency: { eid: -2, key: 'i', inputHash: 'h', body: '1', ttlMs: 9_000 },
      },
      {
        expects: [{ eid: -2, state: 'list', version: 1 }],
        requires: [{ eid: -2, collection: 'things', key: 'k', rev: 1 }],
        changes: [patch(-2, 2)],
      },
    );
    const eids = new Map(created.map(({ ref, eid }) => [ref, eid]));
    const child = await store.entity('conversation', 'child');
    assert.equal(child?.eid, eids.get(-2));
    assert.equal(child?.parent, eids.get(-1));
    assert.deepEqual(await store.heads(child?.eid as number), [{ state: 'list', version: 2 }]);
    const { index, refusal } = await refuse(store, {
      creates: [{ ref: -3, scope: 'team', id: 'x' }],
      idempotency: { eid: child?.eid as number, key: 'i', inputHash: 'h', body: '', ttlMs: 1 },
    });
    assert.deepEqual({ index, kind: refusal.kind }, { index: 0, kind: 'replay' });
  }),
  defineCase('entity-same-ref', 'creates an entity once, however often its batch does so under the same ref', async ({ store }) => {
    const creation = { ref: -1, scope: 'team', id: 'shared' };
    const { created } = await write(
      store,
      { creates: [creation, childOfFirst(-2), creation, childOfFirst(-3)], changes: [full(-1, 1)] },
      { creates: [creation], expects: [{ eid: -1, state: 'list', version: 1 }], changes: [patch(-1, 2)] },
    );
    const eid = created.find(({ ref }) => ref === -1)?.eid as number;
    assert.equal(created.length, 3);
    assert.equal((await store.entities({ parent: eid }, undefined, 10)).length, 2);
    assert.deepEqual(await store.heads(eid), [{ state: 'list', version: 2 }]);
    const anew = await write(
      store,
      { creates: [{ ref: -5, scope: 'team', id: 'brief' }] },
      { drops: [-5] },
      { creates: [{ ref: -5, scope: 'team', id: 'brief' }], changes: [full(-5, 1)] },
    );
    assert.equal((await store.entity('team', 'brief'))?.eid, anew.created[0]?.eid);
    assert.equal(anew.created.length, 1);
  }),
  defineCase('entity-drop', 'deletes an entity with all it has and leaves the others alone', async ({ store }) => {
    const parts = {
      changes: [full(-1, 1)],
      puts: [put(-1, 'k')],
      idempotency: { eid: -1, key: 'i', inputHash: '', body: '', ttlMs: 60_000 },
    };
    const [dropped, kept] = [await createEntity(store, 'dropped', {}, parts), await createEntity(store, 'kept', {}, parts)];
    await store.compact({ snapshots: [{ eid: dropped, state: 'list', version: 1, defVersion: 1, body: '[1]' }], prune: [] });
    await write(store, { drops: [dropped], meta: { flags: ['deleted'] } });
    assert.equal(await store.entity('conversation', 'dropped'), undefined);
    assert.equal(await store.entityByEid(dropped), undefined);
    assert.deepEqual(await store.heads(dropped), []);
    assert.equal(await store.load(dropped, 'list'), undefined);
    assert.equal(await store.load(dropped, 'list', 1), undefined);
    assert.equal(await store.item(dropped, 'things', 'k'), undefined);
    assert.deepEqual(
      (await store.items({ collection: 'things' }, undefined, 10)).map(({ eid }) => eid),
      [kept],
    );
    assert.deepEqual(
      (await store.log(2, {}, 10)).commits.map(({ drops, flags }) => ({ drops, flags })),
      [{ drops: [{ eid: dropped, scope: 'conversation', id: 'dropped' }], flags: ['deleted'] }],
    );
    assert.deepEqual(await store.heads(kept), [{ state: 'list', version: 1 }]);
  }),
  defineCase('entity-anew', 'makes another entity of a deleted name, with an eid that was never used', async (context) => {
    const seen = new Set<number>();
    for (let round = 0; round < 4; round += 1) {
      const store = round === 2 ? await context.reopen() : context.store;
      const eid = await createEntity(store, 'again', {}, { changes: [full(-1, 1)] });
      assert.ok(!seen.has(eid), `eid ${eid} was used twice`);
      seen.add(eid);
      await write(store, { drops: [eid] });
      assert.deepEqual((await refuse(store, { puts: [put(eid, 'k')] })).refusal, { kind: 'gone', eid });
    }
    const last = await createEntity(await context.reopen(), 'again');
    assert.ok(!seen.has(last));
    assert.deepEqual(await context.store.heads(last), []);
  }),
  defineCase('entity-drop-in-batch', 'lets a batch delete an entity and create it anew', async ({ store }) => {
    const eid = await createEntity(store, 'one', {}, { changes: [full(-1, 3)] });
    const { created } = await write(
      store,
      { drops: [eid] },
      {
        creates: [{ ref: -1, scope: 'conversation', id: 'one' }],
        expects: [{ eid: -1, state: 'list', version: 0 }],
        changes: [full(-1, 1)],
      },
    );
    const entity = await store.entity('conversation', 'one');
    assert.equal(entity?.eid, created[0]?.eid);
    assert.notEqual(entity?.eid, eid);
    assert.deepEqual(await store.heads(entity?.eid as number), [{ state: 'list', version: 1 }]);
    assert.equal(
      (await refuse(store, { drops: [entity?.eid as number] }, { puts: [put(entity?.eid as number, 'k')] })).refusal.kind,
      'gone',
    );
  }),
  defineCase('entity-touch', 'moves an expiry, sets one and takes it away', async ({ store }) => {
    const eid = await createEntity(store, 'one', { subject: 'kept' });
    const { now } = await write(store, { touch: [{ eid, ttlMs: 500 }] });
    assert.deepEqual(await store.entity('conversation', 'one'), {
      eid,
      scope: 'conversation',
      id: 'one',
      subject: 'kept',
      ttlMs: 500,
      expiresAt: now + 500,
    });
    await write(store, { touch: [{ eid, ttlMs: null }] });
    assert.deepEqual(await store.entity('conversation', 'one'), { eid, scope: 'conversation', id: 'one', subject: 'kept' });
  }),
  defineCase('entity-list', 'lists entities in pages by scope and id, filtered by scope, prefix and parent', async ({ store }) => {
    const parent = await createEntity(store, 'p', { scope: 'workflow' });
    const ids = ['b', 'a', 'ab', 'a%', 'a_', 'A', 'a\uffff', 'a\u{1f37a}', 'a"', "a'", ''];
    for (const [index, id] of ids.entries())
      await createEntity(store, id, { scope: index % 2 === 0 ? 'team' : 'conversation', ...(index < 4 && { parent }) });
    const list = async (filter: Parameters<typeof store.entities>[0], limit: number): Promise<string[]> =>
      (await collect<EntityRecord>((after) => store.entities(filter, after, limit))).map(({ scope, id }) => `${scope}:${id}`);
    const all = [
      'conversation:a',
      'conversation:a%',
      "conversation:a'",
      'conversation:A',
      'conversation:a\u{1f37a}',
      'team:',
      'team:a"',
      'team:a_',
      'team:ab',
      'team:b',
      'team:a\uffff',
      'workflow:p',
    ];
    for (const limit of [1, 3, 100]) {
      assert.deepEqual(await list({}, limit), sorted(all), `pages of ${limit}`);
      assert.deepEqual(await list({ scope: 'team' }, limit), sorted(all.filter((name) => name.startsWith('team:'))));
      assert.deepEqual(await list({ idPrefix: 'a' }, limit), sorted(all.filter((name) => name.includes(':a'))));
      assert.deepEqual(await list({ scope: 'conversation', idPrefix: 'a%' }, limit), ['conversation:a%']);
      assert.deepEqual(await list({ parent }, limit), ['conversation:a', 'conversation:a%', 'team:ab', 'team:b']);
      assert.deepEqual(await list({ parent, scope: 'team', idPrefix: 'a' }, limit), ['team:ab']);
    }
    assert.deepEqual(await list({ idPrefix: 'a\uffff' }, 2), ['team:a\uffff']);
  }),
  defineCase('entity-subject', 'lists the entities of one subject, of whatever scope', async ({ store }) => {
    const ofAnna = [
      ['team', 'one'],
      ['conversation', 'two'],
      ['conversation', 'three'],
    ] as const;
    for (const [scope, id] of ofAnna) await createEntity(store, id, { scope, subject: 'anna' });
    await createEntity(store, 'four', { subject: 'Anna' });
    await createEntity(store, 'anna');
    for (const limit of [1, 100]) {
      const found = await collect<EntityRecord>((after) => store.entities({ subject: 'anna' }, after, limit));
      assert.deepEqual(
        found.map(({ scope, id }) => `${scope}:${id}`),
        ['conversation:three', 'conversation:two', 'team:one'],
      );
    }
    const [one] = await store.entities({ subject: 'anna', scope: 'team' }, undefined, 10);
    assert.equal(one?.id, 'one');
    assert.deepEqual(await store.entities({ subject: 'ben' }, undefined, 10), []);
    const both = await createEntity(store, 'five', { subject: 'ben', parent: one?.eid ?? 0 });
    assert.deepEqual(
      (await store.entities({ subject: 'ben', parent: one?.eid ?? 0 }, undefined, 10)).map(({ eid }) => eid),
      [both],
    );
    await write(store, { drops: [both] });
    assert.deepEqual(await store.entities({ subject: 'ben' }, undefined, 10), []);
  }),
  defineCase(
    'entity-orphans',
    'leaves the children of a deleted entity as they are, with the eid of a parent that is no more',
    async (context) => {
      const parent = await createEntity(context.store, 'parent', { scope: 'team' });
      const child = await createEntity(context.store, 'child', { parent }, { changes: [full(-1, 1)] });
      await write(context.store, { drops: [parent] });
      for await (const store of context.beforeAndAfterReopening()) {
        assert.equal((await store.entity('conversation', 'child'))?.parent, parent);
        assert.deepEqual(
          (await store.entities({ parent }, undefined, 10)).map(({ eid }) => eid),
          [child],
        );
      }
      await write(context.store, { changes: [patch(child, 2)], touch: [{ eid: child, ttlMs: 60_000 }] });
      assert.equal((await context.store.entity('conversation', 'child'))?.parent, parent);
      const { refusal } = await refuse(context.store, { creates: [{ ref: -1, scope: 'conversation', id: 'late', parent }] });
      assert.deepEqual(refusal, { kind: 'gone', eid: parent });
    },
  ),
  defineCase('entity-find-cost', 'finds the entities of a parent or subject at the cost of what it finds', async ({ store }) => {
    const parent = await createEntity(store, 'parent', { scope: 'team' });
    for (let index = 0; index < 20; index += 1) await createEntity(store, `own ${index}`, { parent, subject: 'anna' });
    const cost = async (): Promise<number> => {
      const start = performance.now();
      assert.equal((await store.entities({ parent }, undefined, 100)).length, 20);
      assert.equal((await store.entities({ subject: 'anna' }, undefined, 100)).length, 20);
      return performance.now() - start;
    };
    const best = async (): Promise<number> => Math.min(await cost(), await cost(), await cost(), await cost(), await cost());
    const alone = await best();
    for (let from = 0; from < 4_000; from += 500) {
      const creates = Array.from({ length: 500 }, (_, index) => ({
        ref: -1 - index,
        scope: 'conversation',
        id: `e${from + index}`,
        subject: 'ben',
      }));
      await write(store, { creates });
    }
    const among = await best();
    assert.ok(among < alone * 8 + 5, `20 entities cost ${alone.toFixed(2)} ms alone and ${among.toFixed(2)} ms among 4,000`);
  }),
];

function childOfFirst(ref: number): EntityCreation {
  return { ref, scope: 'conversation', id: `child ${ref}`, parent: -1 };
}

function sorted(names: readonly string[]): string[] {
  return [...names].toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
}
