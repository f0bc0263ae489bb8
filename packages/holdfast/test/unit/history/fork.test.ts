import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEffect, defineState } from 'holdfast';
import { openManager, order, Tab, Wallet, withinBudget } from '../../support/bar.ts';

const Profile = defineState({
  name: 'profile',
  scope: 'conversation',
  schema: z.strictObject({ name: z.string(), likes: z.array(z.string()), seat: z.string().optional() }),
  initial: { name: '', likes: [] },
});

const bell: string[] = [];
const Bell = defineEffect({
  name: 'bell',
  input: z.strictObject({}),
  output: z.string(),
  states: [Tab],
  run: async (_input, { key }) => {
    bell.push(key);
    return 'rung';
  },
  simulate: async () => 'not really',
  settle: ([tab], outcome) => {
    tab.note = outcome.status === 'done' ? outcome.output : outcome.error;
  },
});
const Charge = defineEffect({ name: 'charge', input: z.strictObject({}), output: z.null(), states: [], run: async () => null });

describe('a fork', () => {
  it('goes on by itself from the versions that the original had', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await tab.update((draft) => order(draft, 'Gin', 8));
    const fork = await anna.fork({ id: 'anna-what-if' });
    const theirs = await fork.get(Tab);
    expect([theirs.current.total, theirs.version]).toEqual([13, 3]);
    await theirs.update((draft) => order(draft, 'Rum', 7));
    expect([tab.current.total, tab.version, theirs.current.total]).toEqual([13, 2, 20]);
    expect(await tab.compare(2, 4, theirs)).toContainEqual({ op: 'replace', path: ['total'], value: 20 });
  });

  it('can begin at a checkpoint', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    const before = await anna.checkpoint('before gin');
    await tab.update((draft) => order(draft, 'Gin', 8));
    const fork = await anna.fork({ checkpoint: before });
    expect((await fork.get(Tab)).current.total).toBe(5);
    await expect(anna.fork({ checkpoint: 'no such' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(anna.fork({ id: 'anna' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('simulates effects, and refuses those that cannot be', async () => {
    await using state = await openManager({ effects: [Bell, Charge] });
    const anna = state.conversation('anna');
    await (await anna.get(Tab)).update((draft) => order(draft, 'Beer', 5));
    const fork = await anna.fork();
    const tab = await fork.get(Tab);
    await tab.update((_draft, tx) => tx.effect(Bell, { key: 'b1', input: {} }));
    await fork.effect(Bell, 'b1').outcome();
    expect([bell, tab.current.note]).toEqual([[], 'not really']);
    await expect(tab.update((_draft, tx) => tx.effect(Charge, { key: 'c1', input: {} }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(anna.merge(fork)).rejects.toMatchObject({ code: 'RESTORE_REFUSED', data: { bound: ['tab'] } });
  });
});

async function forked() {
  const state = await openManager();
  const anna = state.conversation('anna');
  const profile = await anna.get(Profile);
  await profile.set({ name: 'Anna', likes: ['gin'] });
  const fork = await anna.fork();
  return { state, anna, fork, profile, theirs: await fork.get(Profile) };
}

describe('merging a fork', () => {
  it('takes what only one side changed, in one commit', async () => {
    const { state, anna, fork, profile, theirs } = await forked();
    await theirs.update((draft) => void draft.likes.push('rum'));
    await profile.update((draft) => void (draft.seat = 'window'));
    const { seq, conflicts } = await anna.merge(fork, { actor: 'planner' });
    expect(conflicts).toEqual([]);
    expect(profile.current).toEqual({ name: 'Anna', likes: ['gin', 'rum'], seat: 'window' });
    expect(await profile.blame(['likes'])).toMatchObject({ seq, actor: 'planner', version: 3 });
    expect((await anna.merge(fork)).seq).toBe(0);
    await state.close();
  });

  it('reports places that both changed and writes nothing, unless they are resolved', async () => {
    const { state, anna, fork, profile, theirs } = await forked();
    await theirs.update((draft) => void (draft.name = 'Anne'));
    await theirs.update((draft) => void (draft.seat = 'bar'));
    await profile.update((draft) => void (draft.name = 'Anna B.'));
    const { seq, conflicts } = await anna.merge(fork);
    expect(seq).toBe(0);
    expect(conflicts).toEqual([{ state: 'profile', path: ['name'], base: 'Anna', ours: 'Anna B.', theirs: 'Anne' }]);
    expect(profile.current.seat).toBeUndefined();
    await anna.merge(fork, { resolve: ({ ours, theirs: other }) => `${String(ours)} / ${String(other)}` });
    expect(profile.current).toEqual({ name: 'Anna B. / Anne', likes: ['gin'], seat: 'bar' });
    await state.close();
  });

  it('brings a state that the fork was the first to write', async () => {
    const { state, anna, fork } = await forked();
    await (await fork.get(Wallet)).set({ balance: 7 });
    const wallet = await anna.get(Wallet);
    await anna.merge(fork);
    expect(wallet.current).toEqual({ balance: 7 });
    await state.close();
  });

  it('is checked against invariants', async () => {
    await using state = await openManager({ invariants: [withinBudget] });
    const anna = state.conversation('anna');
    const [tab, wallet] = [await anna.get(Tab), await anna.get(Wallet)];
    await tab.update((draft) => order(draft, 'Beer', 5));
    await wallet.set({ balance: 60 });
    const fork = await anna.fork();
    await (await fork.get(Tab)).update((draft) => order(draft, 'Champagne', 50));
    await wallet.set({ balance: 20 });
    await expect(anna.merge(fork)).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
    expect(tab.current.total).toBe(5);
  });

  it('refuses what is no fork of the entity', async () => {
    const { state, anna } = await forked();
    const ben = state.conversation('ben');
    await (await ben.get(Profile)).set({ name: 'Ben', likes: [] });
    await expect(anna.merge(ben)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await state.close();
  });
});
