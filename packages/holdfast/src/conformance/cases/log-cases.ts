import assert from 'node:assert/strict';
import type { Change, ItemKey, LogFilter, LoggedCommit, Store } from '../../store/index.ts';
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
    'log-of-entity',
    'gives of one entity what the whole log has of it, from any seq and in pages of any size',
    async ({ store }) => {
      const eids = await Promise.all(['a', 'b', 'c', 'd'].map((id) => createEntity(store, id)));
      const dice = new Dice(7);
      const versions = new Map<string, number>();
      const next = (eid: number, state: string): Change => {
        const version = (versions.get(`${eid} ${state}`) ?? 0) + 1;
        versions.set(`${eid} ${state}`, version);
        return full(eid, version, '[]', state);
      };
      for (let round = 0; round < 60; round += 1) {
        const changed = eids.filter(() => dice.below(4) === 0);
        const changes = changed.flatMap((eid) => ['x', 'y'].filter(() => dice.below(3) > 0).map((state) => next(eid, state)));
        await write(store, {
          changes,
          puts: dice.below(3) === 0 ? [put(eids[0] as number, 'k')] : [],
          ...(changes.length === 0 && { deletes: [thing(eids)] }),
        });
      }
      const [a = 0, b = 0, c = 0, d = 0] = eids;
      const pruned = versions.get(`${b} x`) as number;
      await store.compact({
        snapshots: [{ eid: b, state: 'x', version: pruned - 2, defVersion: 1, body: '[]' }],
        prune: [{ eid: b, state: 'x', beforeVersion: pruned - 2 }],
      });
      await write(store, { drops: [d] });
      const all = await wholeLog(store, {}, 1_000);
      for (const eid of [a, b, c, d, d + 1]) {
        for (const [state, limit] of [
          [undefined, 1],
          [undefined, 3],
          ['x', 2],
          ['y', 1_000],
          ['none', 5],
        ] as const) {
          const filter = { eid, ...(state !== undefined && { state }) };
          const wanted = all.map((commit) => partOf(commit, eid, state)).filter(({ changes, drops }) => changes.length + drops.length > 0);
          for (const since of [0, 13, 40, all.length])
            assert.deepEqual(
              await wholeLog(store, filter, limit, since),
              wanted.filter(({ seq }) => seq > since),
            );
          assert.deepEqual(await store.log(all.length, filter, limit), { commits: [], seq: all.length });
        }
      }
      assert.deepEqual(await wholeLog(store, { eid: a, scope: 'team' }, 4), []);
    },
  ),
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

const thing = ([eid = 0]: readonly number[]): ItemKey => ({ eid, collection: 'things', key: 'k' });

/** The part of a commit that passes. */
function partOf(commit: LoggedCommit, eid: number, state: string | undefined): LoggedCommit {
  return {
    ...commit,
    changes: commit.changes.filter((change) => change.eid === eid && (state === undefined || change.state === state)),
    drops: commit.drops.filter((drop) => drop.eid === eid),
  };
}

/** Numbers that look random and are the same each time. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }
}

async function wholeLog(store: Store, filter: LogFilter, limit: number, from = 0): Promise<LoggedCommit[]> {
  const commits: LoggedCommit[] = [];
  for (let since = from; ;) {
    const page = await store.log(since, filter, limit);
    assert.ok(page.commits.every(({ seq }) => seq > since && seq <= page.seq));
    commits.push(...page.commits);
    if (page.seq === since) return commits;
    since = page.seq;
  }
}
