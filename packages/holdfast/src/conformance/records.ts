import assert from 'node:assert/strict';
import {
  bodiesOf,
  emptyCommit,
  type BatchResult,
  type Change,
  type Commit,
  type EntityCreation,
  type ItemPut,
  type LoadedState,
  type Refusal,
  type Store,
} from '../store/index.ts';

/** A commit that writes nothing but what is given. */
export function commitOf(parts: Partial<Commit>): Commit {
  return { ...emptyCommit(), ...parts };
}

export function full(eid: number, version: number, body = `[${version}]`, state = 'list'): Change {
  return { eid, state, version, defVersion: 1, kind: 'full', body };
}

export function patch(eid: number, version: number, body = `[${version}]`, state = 'list'): Change {
  return { eid, state, version, defVersion: 1, kind: 'patch', body };
}

export function put(eid: number, key: string, body = '{}', more: Partial<ItemPut> = {}): ItemPut {
  return { eid, collection: 'things', key, body, ...more };
}

/** Commits the batch, which must be written. */
export async function write(store: Store, ...parts: readonly Partial<Commit>[]): Promise<Extract<BatchResult, { ok: true }>> {
  const result = await store.commit(parts.map(commitOf));
  assert.ok(result.ok, `a commit was refused: ${JSON.stringify(result)}`);
  return result;
}

/** Commits the batch, which must be refused; answers why and at which commit. */
export async function refuse(
  store: Store,
  ...parts: readonly Partial<Commit>[]
): Promise<{ readonly index: number; readonly refusal: Refusal }> {
  const result = await store.commit(parts.map(commitOf));
  assert.ok(!result.ok, 'a commit was written that must be refused');
  return { index: result.index, refusal: result.refusal };
}

/** Makes an entity and answers its eid. */
export async function createEntity(
  store: Store,
  id = 'one',
  more: Partial<EntityCreation> = {},
  parts: Partial<Commit> = {},
): Promise<number> {
  const { created } = await write(store, { ...parts, creates: [{ ref: -1, scope: 'conversation', id, ...more }] });
  const [entity] = created;
  assert.ok(entity && created.length === 1, 'one entity was to be created');
  return entity.eid;
}

/** The value of a state whose full values are JSON arrays and whose patches are arrays of what they append. */
export function valueOf(loaded: LoadedState | undefined): unknown[] | undefined {
  if (!loaded) return undefined;
  return [loaded.base, ...patchesOf(loaded)].flatMap(({ body }) => JSON.parse(body) as unknown[]);
}

/** The patches one by one, however the store has put them into runs. */
export function patchesOf({ patches }: LoadedState): readonly Pick<Change, 'version' | 'defVersion' | 'body'>[] {
  return patches.flatMap((run) => {
    const bodies = bodiesOf(run);
    assert.equal(bodies.length, run.count, 'a run tells how many patches it holds');
    return bodies.map((body, index) => ({ version: run.version - run.count + 1 + index, defVersion: run.defVersion, body }));
  });
}

/** Everything that the port shows of a store, for comparing two moments. */
export async function dump(store: Store): Promise<unknown> {
  const entities = await store.entities({}, undefined, 1_000);
  for (const entity of entities) assert.deepEqual(await store.entityByEid(entity.eid), entity);
  const states = [];
  for (const { eid } of entities) {
    for (const { state, version } of await store.heads(eid))
      states.push({ eid, state, version, value: valueOf(await store.load(eid, state)) });
  }
  const items = [];
  for (const collection of ['things', '$idem', '$lease', '$open', '$effect'])
    items.push(...(await store.items({ collection }, undefined, 1_000)));
  return { entities, states, items, log: await store.log(0, {}, 10_000) };
}

export async function collect<T>(page: (after: T | undefined) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const more = await page(all.at(-1));
    if (more.length === 0) return all;
    all.push(...more);
  }
}
