import assert from 'node:assert/strict';
import type { LogFilter, LoggedCommit, Store } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { commitOf, createEntity, full, patch, put, write } from '../records.ts';

export const logCases: readonly CaseDefinition[] = [
  defineCase('log-record', 'gives each commit back with who, why and when, and its changes', async ({ store }) => {
    const meta = {
      actor: 'guest "x"',
      cause: 'line\nbreak',
      toolCall: 'call\u0000nul',
      trace: '00-half\ud800pair',
      flags: ['bound', 'migration', 'file'] as const,
    };
    const commit = commitOf({
      creates: [{ ref: -1, scope: 'team', id: 't' }],
      changes: [full(-1, 1, '[1]', 'a'), full(-1, 1, '[2]', 'b')],
      meta,
    });
    const result = await store.commit([commit]);
    assert.ok(result.ok);
    const eid = result.created[0]?.eid as number;
    const named = { scope: 'team', id: 't' };
    const changes = [
      { ...full(eid, 1, '[1]', 'a'), ...named },
      { ...full(eid, 1, '[2]', 'b'), ...named },
    ];
    assert.deepEqual(await store.log(0, {}, 10), {
      commits: [{ ...meta, seq: 1, commitId: commit.commitId, at: result.now, changes, drops: [] }],
      seq: 1,
    });
    await write(store, { puts: [put(eid, 'k')] });
    assert.deepEqual(Object.keys((await store.log(1, {}, 10)).commits[0] as object).toSorted(), [
      'at',
      'changes',
      'commitId',
      'drops',
      'seq',
    ]);
  }),
  defineCase('log-pages', 'resumes from any seq without gap or repeat, in pages of any size', async (context) => {
    const { store } = context;
    const eid = await createEntity(store);
    for (let version = 1; version < 40; version += 1) await write(store, { changes: [version === 1 ? full(eid, 1) : patch(eid, version)] });
    for (const limit of [1, 7, 39, 40, 1_000])
      assert.deepEqual(
        (await wholeLog(store, {}, limit)).map(({ seq }) => seq),
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
    for (const since of [0, 20, 39, 40]) assert.equal((await store.log(since, {}, 1_000)).commits.length, 40 - since);
    assert.deepEqual(await store.log(40, {}, 5), { commits: [], seq: 40 });
    assert.deepEqual(
      (await wholeLog(await context.reopen(), {}, 9)).flatMap(({ changes }) => changes.map(({ version }) => version)),
      Array.from({ length: 39 }, (_, index) => index + 1),
    );
  }),
  defineCase('log-filter', 'shows a filter only what passes, and moves on over what does not', async ({ store }) => {
    const [a, b] = [await createEntity(store, 'a', { scope: 'team' }), await createEntity(store, 'b', { scope: 'conversation' })];
    for (let version = 1; version <= 10; version += 1) {
      await write(
        store,
        { changes: [full(a, version, '[]', 'x'), full(b, version, '[]', 'x')] },
        { changes: [full(a, version, '[]', 'y')] },
        { puts: [put(a, 'k')] },
      );
    }
    await write(store, { drops: [b] });
    const count = async (filter: LogFilter): Promise<[commits: number, changes: number, drops: number]> => {
      const commits = await wholeLog(store, filter, 4);
      return [commits.length, commits.flatMap(({ changes }) => changes).length, commits.flatMap(({ drops }) => drops).length];
    };
    assert.deepEqual(await count({}), [33, 20, 1]);
    assert.deepEqual(await count({ scope: 'team' }), [20, 20, 0]);
    assert.deepEqual(await count({ eid: a, state: 'y' }), [10, 10, 0]);
    assert.deepEqual(await count({ state: 'x' }), [11, 10, 1]);
    assert.deepEqual(await count({ scope: 'conversation' }), [1, 0, 1]);
    assert.deepEqual(await count({ eid: b }), [1, 0, 1]);
    assert.deepEqual(await count({ scope: 'team', eid: b }), [0, 0, 0]);
    assert.deepEqual(await store.log(2, { scope: 'global' }, 5), { commits: [], seq: 7 });
  }),
  defineCase(
    'log-dense',
    'numbers all commits densely, whoever writes them and whatever is refused between',
    async (context) => {
      const stores = [context.store, await context.second()];
      const eid = await createEntity(context.store);
      for (let round = 0; round < 10; round += 1) {
        for (const store of stores) {
          await write(store, { puts: [put(eid, 'k')] }, {}, { puts: [put(eid, 'l')] });
          await store.commit([commitOf({ puts: [put(eid, 'no')] }), commitOf({ drops: [eid + 999] })]);
        }
      }
      for (const store of stores)
        assert.deepEqual(
          (await wholeLog(store, {}, 100)).map(({ seq }) => seq),
          Array.from({ length: 41 }, (_, index) => index + 1),
        );
    },
    ['shared'],
  ),
];

async function wholeLog(store: Store, filter: LogFilter, limit: number): Promise<LoggedCommit[]> {
  const commits: LoggedCommit[] = [];
  for (let since = 0; ;) {
    const page = await store.log(since, filter, limit);
    assert.ok(page.commits.every(({ seq }) => seq > since && seq <= page.seq));
    commits.push(...page.commits);
    if (page.seq === since) return commits;
    since = page.seq;
  }
}
