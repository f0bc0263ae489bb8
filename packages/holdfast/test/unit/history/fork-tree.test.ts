import { describe, expect, it } from 'vitest';
import { renderTree, StateManager, type EntityHandle, type ForkTree } from 'holdfast';
import { openManager, order, Tab, Wallet } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

const nine = Date.UTC(2026, 2, 1, 9);

async function drink(entity: EntityHandle<'conversation'>): Promise<void> {
  await (await entity.get(Tab)).update((draft) => order(draft, 'Beer', 5));
}

/** anna at 3, forked at 1 from a checkpoint (a, at 3, forked into aa at 3) and at 2 (b). */
async function forked() {
  let now = nine;
  const clock = (): number => (now += 60_000);
  const state = await StateManager.open({ store: testStore({ clock }), clock });
  const anna = state.conversation('anna');
  await drink(anna);
  const first = await anna.checkpoint('first');
  await drink(anna);
  const b = await anna.fork({ id: 'b' });
  const a = await anna.fork({ id: 'a', checkpoint: first });
  await drink(anna);
  await drink(a);
  const aa = await a.fork({ id: 'aa' });
  return { state, anna, a, aa, b };
}

const address = (id: string): unknown => ({ scope: 'conversation', id });
const node = (id: string, forks: readonly ForkTree[] = []): ForkTree => ({
  entity: { scope: 'conversation', id },
  versions: {},
  forks,
});
const ids = ({ entity, forks }: ForkTree): unknown => [entity.id, ...forks.map(ids)];

describe('forks', () => {
  it('are listed with where they branched, oldest first', async () => {
    const { state, anna, aa } = await forked();
    const forks = await anna.forks();
    expect(forks).toMatchObject([
      { entity: address('b'), branch: { from: address('anna'), versions: { tab: 2 } } },
      { entity: address('a'), branch: { from: address('anna'), versions: { tab: 1 }, checkpoint: 'first' } },
    ]);
    expect(forks[0]!.seq).toBeLessThan(forks[1]!.seq);
    expect(forks[0]!.at).toBeGreaterThan(nine);
    expect(await aa.forks()).toEqual([]);
    await expect(state.conversation('nobody').forks()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await state.close();
  });

  it('are left out once deleted, also when something else has their id since', async () => {
    const { state, anna, a, b } = await forked();
    await b.delete();
    expect((await anna.forks()).map(({ entity }) => entity.id)).toEqual(['a']);
    await drink(b);
    await a.delete();
    expect(await anna.forks()).toEqual([]);
    await anna.fork({ id: 'a' });
    expect(await anna.forks()).toMatchObject([{ entity: address('a'), branch: { versions: { tab: 3 } } }]);
    await state.close();
  });

  it('leave nothing behind in what they were made of when they are deleted', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const anna = state.conversation('anna');
    await drink(anna);
    const { eid } = (await store.entity('conversation', 'anna'))!;
    for (let nth = 0; nth < 3; nth++) await (await anna.fork()).delete();
    expect(await store.items({ eid, collection: '$fork' }, undefined, 10)).toEqual([]);
  });

  it('can be deleted together with what they were made of', async () => {
    const { state, anna, a, b } = await forked();
    await Promise.all([anna.delete(), a.delete(), b.delete()]);
    expect(await Promise.all([anna, a, b].map((each) => each.exists()))).toEqual([false, false, false]);
    await state.close();
  });
});

describe('the tree of forks', () => {
  it('is the same from wherever it is asked for', async () => {
    const { state, anna, a, aa, b } = await forked();
    const trees = await Promise.all([anna, a, aa, b].map((each) => each.tree()));
    expect(ids(trees[0]!)).toEqual(['anna', ['b'], ['a', ['aa']]]);
    for (const tree of trees) expect(tree).toEqual(trees[0]);
    expect(trees[0]!.forks[1]).toMatchObject({ versions: { tab: 3 }, branch: { versions: { tab: 1 }, checkpoint: 'first' } });
    await state.close();
  });

  it('begins at the oldest ancestor that is left, and says what is missing', async () => {
    const { state, anna, aa, b } = await forked();
    await anna.delete();
    expect(await aa.tree()).toMatchObject({
      entity: address('a'),
      branch: { from: address('anna'), checkpoint: 'first' },
      forks: [{ entity: address('aa') }],
    });
    expect(ids(await b.tree())).toEqual(['b']);
    await drink(anna);
    expect(ids(await b.tree())).toEqual(['b']);
    await state.close();
  });

  it('is drawn as text', async () => {
    const { state, anna, aa } = await forked();
    const tree = await anna.tree();
    const text = renderTree(tree, { now: nine + 3_600_000 }).replaceAll(/\d+ min ago/g, 'a while ago');
    expect(text).toBe(
      [
        'conversation:anna      tab 3',
        '├─ conversation:b      tab 3  from tab 2          a while ago',
        '└─ conversation:a      tab 3  from tab 1 ◆ first  a while ago',
        '   └─ conversation:aa  tab 4  from tab 3          a while ago',
      ].join('\n'),
    );
    await anna.delete();
    expect(renderTree(await aa.tree()).split('\n')[0]).toBe('conversation:a      tab 3  from conversation:anna (deleted), tab 1 ◆ first');
    await state.close();
  });

  it('is drawn with lines that go on beside a branch that has branches itself', () => {
    expect(renderTree(node('a', [node('b', [node('c', [node('d')]), node('e')]), node('f\tg'), node('x'.repeat(80))]))).toBe(
      [
        'conversation:a',
        '├─ conversation:b',
        '│  ├─ conversation:c',
        '│  │  └─ conversation:d',
        '│  └─ conversation:e',
        '├─ conversation:f␉g',
        `└─ conversation:${'x'.repeat(46)}…`,
      ].join('\n'),
    );
  });
});

describe('the common ancestor', () => {
  it('is where two forks part', async () => {
    const { state, anna, a, aa, b } = await forked();
    const parts = async (one: EntityHandle, other: EntityHandle): Promise<unknown> => await state.commonAncestor(one, other);
    expect(await parts(aa, b)).toEqual({ entity: address('anna'), versions: { tab: 1 }, isGone: false });
    expect(await parts(b, anna)).toEqual({ entity: address('anna'), versions: { tab: 2 }, isGone: false });
    expect(await parts(a, aa)).toEqual({ entity: address('a'), versions: { tab: 3 }, isGone: false });
    expect(await parts(anna, anna)).toEqual({ entity: address('anna'), versions: { tab: 3 }, isGone: false });
    await anna.delete();
    expect(await parts(aa, b)).toEqual({ entity: address('anna'), versions: { tab: 1 }, isGone: true });
    await state.close();
  });

  it('has the states that both have from it, and is undefined where there is none', async () => {
    await using state = await openManager();
    const [anna, ben] = [state.conversation('anna'), state.conversation('ben')];
    await drink(anna);
    await drink(ben);
    const early = await anna.fork();
    await (await anna.get(Wallet)).set({ balance: 1 });
    expect(await state.commonAncestor(early, await anna.fork())).toMatchObject({ versions: { tab: 1 } });
    expect(await state.commonAncestor(early, ben)).toBeUndefined();
    await expect(state.commonAncestor(early, state.conversation('nobody'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
