import assert from 'node:assert/strict';
import { fc } from '@fast-check/vitest';
import { COLLECTION, type BatchResult, type Commit, type CompactionPlan, type Store } from 'holdfast/store';
import { valueOf } from '../../src/conformance/records.ts';
import { commitOf } from './store-records.ts';

const SCOPE = 'team';
const anyEid = fc.integer({ min: 1, max: 4 });
const anyState = fc.constantFrom('list', 'tab');
const anyVersion = fc.integer({ min: 0, max: 4 });
const key = fc.constantFrom('a', 'B', 'ü', '__proto__');
const collection = fc.constantFrom('things', COLLECTION.lease, COLLECTION.openEffect);
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.array(arbitrary, { maxLength: 2 }) });

interface Step {
  readonly eid: number;
  readonly state: string;
  readonly kind: 'patch' | 'full';
}

const commitParts = (anyTtlMs: fc.Arbitrary<number>) =>
  fc.record({
    creates: rarely(fc.record({ id: fc.constantFrom('one', 'two', 'three'), ttlMs: fc.option(anyTtlMs, { nil: undefined }) })),
    steps: fc.uniqueArray(fc.record({ eid: anyEid, state: anyState, kind: fc.constantFrom<'patch' | 'full'>('patch', 'full') }), {
      maxLength: 2,
      selector: (step) => `${step.eid}/${step.state}`,
    }),
    expects: rarely(fc.record({ eid: anyEid, state: anyState, version: anyVersion })),
    requires: rarely(
      fc.record({ eid: anyEid, collection, key, rev: fc.oneof(fc.constant<'absent'>('absent'), fc.integer({ min: 1, max: 9 })) }),
    ),
    puts: rarely(
      fc.record({
        eid: anyEid,
        collection,
        key,
        body: fc.constant('{}'),
        ttlMs: fc.option(anyTtlMs, { nil: undefined }),
        keepRev: fc.boolean(),
      }),
    ),
    deletes: rarely(fc.record({ eid: anyEid, collection, key })),
    touch: rarely(fc.record({ eid: anyEid, ttlMs: fc.option(anyTtlMs, { nil: null }) })),
    drops: fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(anyEid) }),
    idempotency: fc.option(
      fc.record({ eid: anyEid, key, inputHash: fc.constantFrom('h', 'i'), body: fc.constant('"r"'), ttlMs: anyTtlMs }),
      {
        nil: undefined,
        freq: 4,
      },
    ),
  });

export type Action =
  | { readonly do: 'commit'; readonly batch: readonly (ReturnType<typeof commitParts> extends fc.Arbitrary<infer Parts> ? Parts : never)[] }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'sweep'; readonly limit: number }
  | { readonly do: 'compact'; readonly plan: { readonly eid: number; readonly state: string; readonly beforeVersion: number } }
  | { readonly do: 'reopen' };

/** Things to do to a store; lifetimes are of these. Waiting takes a clock that can be set. */
export function anyActions(options: { ttlsMs: readonly number[]; canWait: boolean }): fc.Arbitrary<Action[]> {
  const parts = commitParts(fc.constantFrom(...options.ttlsMs));
  const compaction = fc.record({ eid: anyEid, state: anyState, beforeVersion: anyVersion });
  const action: fc.Arbitrary<Action> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant<'commit'>('commit'), batch: fc.array(parts, { minLength: 1, maxLength: 3 }) }) },
    { weight: options.canWait ? 1 : 0, arbitrary: fc.record({ do: fc.constant<'wait'>('wait'), ms: fc.constantFrom(5, 20, 60) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant<'sweep'>('sweep'), limit: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant<'compact'>('compact'), plan: compaction }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant<'reopen'>('reopen') }) },
  );
  return fc.array(action, { minLength: 5, maxLength: 40 });
}

/** Does the same to both and compares every answer, and in the end all that they hold. `view` leaves out what cannot be the same. */
export async function compareWithModel(options: {
  model: Store;
  real: Store;
  actions: readonly Action[];
  wait?: (ms: number) => void;
  view?: (value: unknown) => unknown;
}): Promise<void> {
  const { model, real, actions, wait, view = (value) => value } = options;
  await Promise.all([model.open(), real.open()]);
  const first = commitOf({ creates: ['one', 'two', 'four'].map((id, index) => ({ ref: -1 - index, scope: SCOPE, id })) });
  for (const store of [model, real]) await store.commit([first]);
  let newestEid = first.creates.length;
  for (const each of actions) {
    if (each.do === 'wait') wait?.(each.ms);
    else if (each.do === 'reopen') await Promise.all([model, real].map(async (store) => (await store.close(), await store.open())));
    else if (each.do === 'sweep')
      assert.deepEqual(ordered(await real.sweep(each.limit * 100)), ordered(await model.sweep(each.limit * 100)));
    else if (each.do === 'compact') await compactBoth(model, real, each.plan);
    else {
      const batch = withoutGuesses(await batchOf(model, each.batch), newestEid);
      const answers = [await answer(model, batch), await answer(real, batch)] as const;
      assert.deepEqual(view(answers[1]), view(answers[0]));
      if (typeof answers[0] === 'object' && answers[0].ok) newestEid = Math.max(newestEid, ...answers[0].created.map(({ eid }) => eid));
    }
  }
  assert.deepEqual(view(await everything(real)), view(await everything(model)));
}

/** The next versions of the states are those that the model has. */
async function batchOf(model: Store, batch: Extract<Action, { do: 'commit' }>['batch']): Promise<readonly Commit[]> {
  const next = new Map<string, number>();
  const version = async ({ eid, state }: Step): Promise<number> => {
    const name = `${eid}/${state}`;
    const head = next.get(name) ?? (await model.load(eid, state))?.head ?? 0;
    next.set(name, head + 1);
    return head + 1;
  };
  const commits: Commit[] = [];
  for (const { steps, creates, puts, idempotency, ...parts } of batch) {
    const changes = [];
    for (const step of steps) {
      const made = await version(step);
      changes.push({ ...step, version: made, defVersion: 1, kind: made === 1 ? ('full' as const) : step.kind, body: `[${made}]` });
    }
    commits.push(
      commitOf({
        ...parts,
        durability: 'written',
        creates: creates.map(({ id, ttlMs }, index) => ({
          ref: -1 - index - commits.length * 10,
          scope: SCOPE,
          id,
          ...(ttlMs !== undefined && { ttlMs }),
        })),
        changes,
        puts: puts.map(({ ttlMs, ...put }) => ({ ...put, ...(ttlMs !== undefined && { ttlMs }) })),
        ...(idempotency && { idempotency }),
      }),
    );
  }
  return commits;
}

/** An entity that the batch itself creates can only be named by its ref: an eid that was not given out yet stands for one that never will be. */
function withoutGuesses(batch: readonly Commit[], newestEid: number): readonly Commit[] {
  return JSON.parse(JSON.stringify(batch), (name, value: unknown) => {
    if (name === 'eid' && (value as number) > newestEid) return 1_000;
    return name === 'drops' ? (value as number[]).map((eid) => (eid > newestEid ? 1_000 : eid)) : value;
  }) as readonly Commit[];
}

async function answer(store: Store, batch: readonly Commit[]): Promise<BatchResult | string> {
  return await store.commit(batch).catch((error: Error & { code?: string }) => error.code ?? error.message);
}

/** Snapshots what the plan prunes up to, as the engine does. */
async function compactBoth(model: Store, real: Store, plan: { eid: number; state: string; beforeVersion: number }): Promise<void> {
  const loaded = await model.load(plan.eid, plan.state, plan.beforeVersion);
  const snapshots: CompactionPlan['snapshots'] = loaded
    ? [{ eid: plan.eid, state: plan.state, version: plan.beforeVersion, defVersion: 1, body: JSON.stringify(valueOf(loaded)) }]
    : [];
  for (const store of [model, real]) await store.compact({ snapshots, prune: loaded ? [plan] : [] });
}

function ordered<T extends { dropped: readonly { eid: number }[] }>(swept: T): T {
  return { ...swept, dropped: [...swept.dropped].toSorted((a, b) => a.eid - b.eid) };
}

async function everything(store: Store): Promise<unknown> {
  const states = [];
  for (let each = 1; each < 12; each += 1) {
    for (const { state: name, version: head } of await store.heads(each)) {
      for (let at = 1; at <= head; at += 1) {
        const loaded = await store.load(each, name, at);
        states.push(loaded && { each, name, at, head: loaded.head, value: valueOf(loaded) });
      }
    }
  }
  const items = [];
  for (const name of ['things', COLLECTION.lease, COLLECTION.openEffect, COLLECTION.idempotency])
    items.push(await store.items({ collection: name }, undefined, 1_000));
  const { commits, seq } = await store.log(0, {}, 1_000);
  // A sweep makes its commit's id itself, and deletes in no order among those that expired at the same time.
  const log = commits.map((commit) =>
    commit.flags?.includes('deleted') ? { ...commit, commitId: '', drops: [...commit.drops].toSorted((a, b) => a.eid - b.eid) } : commit,
  );
  return { entities: await store.entities({}, undefined, 1_000), states, items, log, seq };
}
