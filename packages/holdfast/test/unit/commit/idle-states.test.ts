import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { StateManager } from 'holdfast';
import { describe, expect, it } from 'vitest';
import { openManager, order, Tab } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

/** More conversations than stay in memory unheld. */
const MANY = 1_100;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a state that nobody holds', () => {
  it('leaves memory once many others were used since, and is read anew when it is asked for', async () => {
    await using state = await openManager();
    const value = await valueOfUnheld(state);
    await useMany(state);
    expect(await isCollected(value)).toBe(true);
    const tab = await state.conversation('anna').get(Tab);
    expect([tab.version, tab.current.items.map(({ name }) => name)]).toEqual([1, ['Beer']]);
  });

  it('stays while it is among those used last', async () => {
    await using state = await openManager();
    const value = await valueOfUnheld(state);
    expect(await isCollected(value)).toBe(false);
  });

  it('does not leave while a handle holds it, which sees what others write', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const held = await state.conversation('anna').get(Tab);
    await useMany(state);
    collect();
    const again = await state.conversation('anna').get(Tab);
    await again.update((draft) => order(draft, 'Beer', 5));
    expect(held.current).toBe(again.current);
    expect(held.version).toBe(1);
  });

  it('does not leave while somebody is subscribed to it, and does after that', async () => {
    await using state = await openManager();
    const told: number[] = [];
    let end: (() => void) | undefined = await subscribeWithoutHandle(state, told);
    await useMany(state);
    collect();
    await (await state.conversation('anna').get(Tab)).update((draft) => order(draft, 'Beer', 5));
    await turn();
    expect(told).toEqual([1]);
    const value = new WeakRef((await state.conversation('anna').get(Tab)).current);
    end();
    end = undefined;
    await useMany(state);
    expect(await isCollected(value)).toBe(true);
  });
});

/** In a function of its own, so that no variable keeps what it read. */
async function valueOfUnheld(state: StateManager): Promise<WeakRef<object>> {
  const tab = await state.conversation('anna').get(Tab);
  await tab.update((draft) => order(draft, 'Beer', 5));
  return new WeakRef(tab.current);
}

async function subscribeWithoutHandle(state: StateManager, told: number[]): Promise<() => void> {
  const tab = await state.conversation('anna').get(Tab);
  return tab.subscribe(
    ({ items }) => items.length,
    (now) => void told.push(now),
  );
}

async function useMany(state: StateManager): Promise<void> {
  for (let index = 0; index < MANY; index += 1) await state.conversation(`guest-${index}`).get(Tab);
}

async function isCollected(value: WeakRef<object>): Promise<boolean> {
  // What a WeakRef gave out in this turn is kept to its end.
  await turn();
  collect();
  return value.deref() === undefined;
}
