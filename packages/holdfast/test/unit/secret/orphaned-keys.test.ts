import { describe, expect, it } from 'vitest';
import { Secret, type StateManager } from 'holdfast';
import { emptyCommit, type Commit, type Store } from 'holdfast/store';
import { beforeCommit } from '../../support/before-commit.ts';
import { testStore } from '../../support/test-store.ts';
import { Config, openVault, testKeys } from './config.ts';

const anna = { subject: 'anna' };

async function setKey(
  state: StateManager,
  team: string,
  text = team,
  options: { subject?: string; expiresAfterMs?: number } = anna,
): Promise<void> {
  await (await state.team(team, options).get(Config)).update((draft) => void (draft.gemini = Secret.of(text)));
}

async function reveal(state: StateManager, team: string): Promise<string | undefined> {
  return (await state.team(team).get(Config)).current.gemini?.reveal();
}

async function hasKey(store: Store, subject = 'anna'): Promise<boolean> {
  return (await store.entity('$subject', subject)) !== undefined;
}

/** Whether the batch deletes the subject's key: the last step of retiring it. */
async function dropsKey(store: Store, batch: readonly Commit[]): Promise<boolean> {
  const keeper = await store.entity('$subject', 'anna');
  return keeper !== undefined && batch.some(({ drops }) => drops.includes(keeper.eid));
}

/** One manager deletes the last entity of the subject; `meanwhile`, the other one does something before the step of it that the test is about. */
async function race(options: {
  meanwhile: (other: StateManager) => Promise<void>;
  knowsKey?: boolean;
  isAt: (store: Store, batch: readonly Commit[]) => Promise<boolean>;
}): Promise<{ store: Store; state: StateManager; other: StateManager }> {
  const [store, keys] = [testStore(), testKeys()];
  const other = await openVault({ store, keys });
  let isDone = false;
  const hooked = beforeCommit(store, async (batch) => {
    if (isDone || !(await options.isAt(store, batch))) return;
    isDone = true;
    await options.meanwhile(other);
  });
  const state = await openVault({ store: hooked, keys });
  await setKey(state, 'a');
  if (options.knowsKey) await reveal(other, 'a');
  await state.team('a').delete();
  expect(isDone).toBe(true);
  return { store, state, other };
}

describe('the data key of a subject', () => {
  it('goes with the last entity, deleted or ended, and not before', async () => {
    const store = testStore();
    await using state = await openVault({ store });
    for (const team of ['a', 'b', 'c']) await setKey(state, team);
    await state.team('a').delete();
    await state.team('b').end();
    expect([await hasKey(store), await reveal(state, 'c')]).toEqual([true, 'c']);
    await state.team('c').end();
    expect(await hasKey(store)).toBe(false);
    expect(await store.entities({}, undefined, 10)).toEqual([]);
  });

  it('goes with the last entity when that is swept, whatever its subject is called', async () => {
    let now = 1_000;
    const store = testStore({ clock: () => now });
    await using state = await openVault({ store, clock: () => now });
    await setKey(state, 'a', 'one', { ...anna, expiresAfterMs: 100 });
    await setKey(state, 'b', 'two', { expiresAfterMs: 100 });
    await setKey(state, 'stays', 'three', {});
    now += 200;
    await state.sweep();
    expect([await hasKey(store), await hasKey(store, 'team:b'), await hasKey(store, 'team:stays')]).toEqual([false, false, true]);
  });

  it('is made anew for an entity made afterwards, by a process that held the old one too', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using one = await openVault({ store, keys });
    await using two = await openVault({ store, keys });
    await setKey(one, 'a');
    expect(await reveal(two, 'a')).toBe('a');
    await one.team('a').delete();
    await setKey(two, 'b');
    expect(await reveal(one, 'b')).toBe('b');
  });

  it('is looked for in turn, 64 subjects with each sweep', async () => {
    const store = testStore();
    await using state = await openVault({ store });
    for (let index = 100; index < 170; index += 1) await setKey(state, `t${index}`, 'x', {});
    const [first, last] = [await store.entity('team', 't100'), await store.entity('team', 't169')];
    await store.commit([dropping(first?.eid), dropping(last?.eid)]);
    await state.sweep();
    expect([await hasKey(store, 'team:t100'), await hasKey(store, 'team:t169')]).toEqual([false, true]);
    await state.sweep();
    expect(await hasKey(store, 'team:t169')).toBe(false);
  });
});

describe('a data key that is needed again while it is retired', () => {
  it.each([
    ['has just read it', false],
    ['had it in memory', true],
  ])('stays, when another process that %s seals with it between the last look and the deletion', async (_how, knowsKey) => {
    const { store, state, other } = await race({ knowsKey, isAt: dropsKey, meanwhile: (manager) => setKey(manager, 'b') });
    expect([await hasKey(store), await reveal(state, 'b'), await reveal(other, 'b')]).toEqual([true, 'b', 'b']);
    await other.team('b').delete();
    expect(await hasKey(store)).toBe(false);
    await Promise.all([state.close(), other.close()]);
  });

  it('stays, when another process has sealed with it before it was marked, and is good for more', async () => {
    const { store, other, state } = await race({
      isAt: async (at, batch) => batch.some(({ puts }) => puts.some(({ key }) => key === 'retired')) && (await hasKey(at)),
      meanwhile: (manager) => setKey(manager, 'b'),
    });
    expect(await reveal(state, 'b')).toBe('b');
    await setKey(other, 'b', 'again');
    await setKey(state, 'c');
    expect([await hasKey(store), await reveal(state, 'b'), await reveal(other, 'c')]).toEqual([true, 'again', 'c']);
    await Promise.all([state.close(), other.close()]);
  });

  it('is another one for who has sealed with it, but was not written before it was destroyed', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const first = await openVault({ store, keys });
    let isHooked = false;
    const late = await openVault({
      keys,
      store: beforeCommit(store, async (batch) => {
        if (isHooked || !batch.some(({ creates }) => creates.some(({ id }) => id === 'b'))) return;
        isHooked = true;
        await first.team('a').delete();
        expect(await hasKey(store)).toBe(false);
      }),
    });
    await setKey(first, 'a');
    await setKey(late, 'b');
    expect([await hasKey(store), await reveal(late, 'b'), await reveal(first, 'b')]).toEqual([true, 'b', 'b']);
    await Promise.all([first.close(), late.close()]);
  });

  it('refuses a secret that comes along sealed from the entity that is deleted with its key', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const first = await openVault({ store, keys });
    const late = await openVault({
      keys,
      store: beforeCommit(store, async (batch) => {
        if (batch.some(({ creates }) => creates.some(({ id }) => id === 'b')) && (await first.team('a').exists()))
          await first.team('a').delete();
      }),
    });
    await setKey(first, 'a');
    const secret = (await late.team('a').get(Config)).current.gemini;
    const copying = (await late.team('b', anna).get(Config)).update((draft) => void (draft.gemini = secret));
    await expect(copying).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    expect(await late.team('b').exists()).toBe(false);
    await Promise.all([first.close(), late.close()]);
  });

  it('is taken up by the next sweep when the process died after it had marked it', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const killed = await openVault({
      keys,
      store: beforeCommit(store, async (batch) => {
        if (await dropsKey(store, batch)) throw new Error('killed');
      }),
    });
    await setKey(killed, 'a');
    await killed.team('a').delete();
    expect(await hasKey(store)).toBe(true);
    await using state = await openVault({ store, keys });
    await setKey(state, 'b');
    await state.sweep();
    expect(await reveal(state, 'b')).toBe('b');
    await state.team('b').delete();
    expect(await hasKey(store)).toBe(false);
  });
});

function dropping(eid = 0): Commit {
  return { ...emptyCommit(), drops: [eid] };
}
