import { expect, it } from 'vitest';
import { openManager, order, Tab, Till } from '../../support/bar.ts';

it('counts what is stored by scope, by state, and history apart from items', async () => {
  await using state = await openManager();
  const tab = await state.conversation('a').get(Tab);
  await tab.update((draft) => order(draft, 'Beer', 5));
  await tab.update((draft) => order(draft, 'Wine', 7));
  await state.conversation('a').checkpoint('one');
  await (await state.team('bar').get(Till)).set({ taken: 12 });
  const all = await state.du();
  expect(all.history.records).toBe(3);
  expect(all.items.records).toBe(1);
  expect(all.log.records).toBe(4);
  expect(all.total.bytes).toBe(all.history.bytes + all.snapshots.bytes + all.items.bytes + all.log.bytes);
  expect(Object.keys(all.states)).toEqual(['conversation/tab', 'team/till']);
  expect(all.states['conversation/tab']?.history.records).toBe(2);
  expect(all.states['team/till']?.history).toEqual({ records: 1, bytes: '{"taken":12}'.length });
  expect(Object.entries(all.scopes).map(([scope, { entities }]) => [scope, entities])).toEqual([
    ['conversation', 1],
    ['team', 1],
  ]);
  expect(all.onDiskBytes ?? Infinity).toBeGreaterThan(all.total.bytes);
});

it('counts one entity alone, and none that is not there', async () => {
  await using state = await openManager();
  await (await state.team('bar').get(Till)).set({ taken: 12 });
  await (await state.team('pub').get(Till)).set({ taken: 12 });
  const { total, states, log, scopes } = await state.team('bar').du();
  expect(total).toEqual({ records: 1, bytes: 12 });
  expect(states).toEqual({ 'team/till': { history: total, snapshots: { records: 0, bytes: 0 } } });
  expect(log.records).toBe(0);
  expect(scopes).toEqual({ team: { entities: 1, bytes: 12 } });
  await expect(state.team('none').du()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
