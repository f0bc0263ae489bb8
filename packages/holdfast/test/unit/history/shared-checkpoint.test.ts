import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEffect, defineState, type StateHandle } from 'holdfast';
import { openManager, order, Tab, Till, Wallet } from '../../support/bar.ts';

const Bell = defineEffect({ name: 'bell', input: z.strictObject({}), output: z.null(), states: [], run: async () => null });
const Tally = defineState({
  name: 'tally',
  scope: 'team',
  schema: z.strictObject({ count: z.int() }),
  initial: { count: 0 },
  retention: { versions: 4 },
});

async function bar() {
  const state = await openManager({ effects: [Bell] });
  const [anna, ben, team] = [state.conversation('anna'), state.conversation('ben'), state.team('bar')];
  const wallet = await anna.get(Wallet);
  const [tab, till] = [await anna.get(Tab), await team.get(Till)];
  await wallet.set({ balance: 90 });
  await till.set({ taken: 10 });
  const pay = (amount: number, from: StateHandle<{ balance: number }> = wallet): Promise<unknown> =>
    state.transaction([from, till], ([purse, to]) => {
      purse.balance -= amount;
      to.taken += amount;
    });
  return { state, anna, ben, team, tab, wallet, till, pay };
}

describe('a checkpoint of several entities', () => {
  it('is one among those of each, put at the same moment', async () => {
    const { state, anna, team } = await bar();
    const put = await state.checkpoint('noon', [anna, team], { tags: ['day'], description: 'before the rush' });
    expect(put.members).toEqual([
      { scope: 'conversation', id: 'anna', versions: { wallet: 1 } },
      { scope: 'team', id: 'bar', versions: { till: 1 } },
    ]);
    const members = [anna, team].map(({ scope, id }) => ({ scope, id }));
    const { seq, at } = put;
    const expected = { name: 'noon', seq, at, tags: ['day'], description: 'before the rush', members };
    expect(await anna.checkpoints()).toEqual([{ ...expected, versions: { wallet: 1 } }]);
    expect(await team.checkpoints({ tag: 'day' })).toEqual([{ ...expected, versions: { till: 1 } }]);
    await state.close();
  });

  it('is put on all or none of them', async () => {
    const { state, anna, ben, team } = await bar();
    await team.checkpoint('noon');
    await expect(state.checkpoint('noon', [anna, team])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(state.checkpoint('one', [anna, ben])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const entities of [[], [anna, team, anna]])
      await expect(state.checkpoint('one', entities)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await anna.checkpoints()).toEqual([]);
    await state.close();
  });

  it('restores in one commit what its entities did with one another', async () => {
    const { state, anna, team, tab, wallet, till, pay } = await bar();
    const before = await state.checkpoint('noon', [anna, team]);
    expect(await state.restore(before)).toBe(0);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await pay(5);
    await pay(7);
    await expect(anna.restore('noon')).rejects.toMatchObject({ code: 'RESTORE_REFUSED', data: { bound: ['wallet'] } });
    const next = state.changes().next();
    const seq = await state.restore(before, { actor: 'maya' });
    expect([tab.current.items, wallet.current.balance, till.current.taken]).toEqual([[], 90, 10]);
    const { value } = await next;
    expect(value).toMatchObject({ seq, actor: 'maya', cause: 'restore noon', flags: ['bound'], spans: 2 });
    expect(value?.changes.map(({ state: name, version }) => [name, version])).toEqual([
      ['tab', 2],
      ['wallet', 4],
      ['till', 4],
    ]);
    await pay(3);
    await state.restore((await team.checkpoints())[0]!);
    expect([wallet.current.balance, till.current.taken]).toEqual([90, 10]);
    await state.close();
  });

  it('refuses what changed together with an entity outside, and keeps with it all that hangs together', async () => {
    const { state, anna, ben, team, tab, wallet, till, pay } = await bar();
    const before = await state.checkpoint('noon', [anna, team]);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await pay(5);
    await pay(1, await ben.get(Wallet));
    await expect(state.restore(before)).rejects.toMatchObject({
      code: 'RESTORE_REFUSED',
      data: { bound: ['conversation:anna/wallet', 'team:bar/till'] },
    });
    await state.restore(before, { bound: 'keep' });
    expect([tab.current.items, wallet.current.balance, till.current.taken]).toEqual([[], 85, 16]);
    await state.close();
  });

  it('refuses when the entity outside was deleted since, for what it had is not known', async () => {
    const { state, anna, ben, team, pay } = await bar();
    const before = await state.checkpoint('noon', [anna, team]);
    await state.transaction([await anna.get(Wallet), await team.get(Till), await ben.get(Wallet)], ([a, b, c]) => {
      for (const each of [a, c]) each.balance -= 1;
      b.taken += 2;
    });
    await ben.delete();
    await pay(1);
    await expect(state.restore(before)).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
    await state.close();
  });

  it('refuses what changed together with an effect', async () => {
    const { state, anna, team, tab, till, pay } = await bar();
    const before = await state.checkpoint('noon', [anna, team]);
    await pay(5);
    await tab.update((draft, tx) => {
      order(draft, 'Gin', 8);
      tx.effect(Bell, { key: 'b1', input: {} });
    });
    await expect(state.restore(before)).rejects.toMatchObject({ data: { bound: ['conversation:anna/tab'] } });
    await state.restore(before, { bound: 'keep' });
    expect([tab.current.total, till.current.taken]).toEqual([8, 10]);
    await state.close();
  });

  it('refuses where the history since was pruned', async () => {
    const { state, anna, team, wallet } = await bar();
    const tally = await team.get(Tally);
    await tally.set({ count: 1 });
    const before = await state.checkpoint('noon', [anna, team]);
    await state.transaction([tally, wallet], ([one, other]) => {
      one.count += 1;
      other.balance -= 1;
    });
    for (let count = 0; count < 12; count++) await tally.update((draft) => void (draft.count += 1));
    await state.flush();
    await expect(state.restore(before)).rejects.toMatchObject({
      data: { bound: ['conversation:anna/wallet', 'team:bar/tally'] },
    });
    await state.close();
  });

  it('is NOT_FOUND once it was removed from one of them or one was made anew, and refused for a checkpoint of one entity', async () => {
    const { state, anna, team, wallet } = await bar();
    const own = await anna.checkpoint('own');
    await expect(state.restore(own)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const [first, second] = [await state.checkpoint('1', [anna, team]), await state.checkpoint('2', [anna, team])];
    await team.removeCheckpoint('1');
    await expect(state.restore(first)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await team.delete();
    await expect(state.restore(second)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await (await team.get(Till)).set({ taken: 1 });
    await team.checkpoint('2');
    await expect(state.restore(second)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(wallet.current.balance).toBe(90);
    await state.close();
  });
});
