import { describe, expect, it } from 'vitest';
import { defineState, Secret, StateManager } from 'holdfast';
import { z } from 'zod';
import { openManager } from '../../support/bar.ts';
import { countingLines, line, type Line } from '../../support/order-lines.ts';
import { testStore } from '../../support/test-store.ts';
import { testKeys } from '../secret/config.ts';

describe('each item of a long list', () => {
  it('is named by its whole path where it does not fit, and nothing is written', async () => {
    const { definition } = countingLines();
    await using state = await openManager();
    const orders = await state.conversation('anna').get(definition);
    await orders.set({ items: [line('a')], orders: { a: { lines: [line('b')] } } });
    const refused = orders.update((draft) => {
      draft.items.unshift(line('bad', -1));
      draft.orders['a']?.lines.push({ name: 'odd' } as Line);
    });
    await expect(refused).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { issues: [{ path: ['items', 0, 'price'] }, { path: ['orders', 'a', 'lines', 1, 'price'] }] },
    });
    const converting = orders.update((draft) => void draft.items.push({ ...line('c'), extra: 1 } as Line));
    await expect(converting).rejects.toMatchObject({ data: { issues: [{ path: ['items', 1] }] } });
    expect(orders.version).toBe(1);
  });

  it('is checked when it is read', async () => {
    const store = testStore();
    const { definition } = countingLines();
    const before = await StateManager.open({ store });
    const Loose = defineState({ ...definition, each: {} });
    await (await before.conversation('anna').get(Loose)).set({ items: [line('fine'), line('bad', -1)], orders: {} });
    await before.close();
    await using state = await StateManager.open({ store });
    await expect(state.conversation('anna').get(definition)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { issues: [{ path: ['items', 1, 'price'] }] },
    });
  });

  it('is checked in the initial value, and its path must be one', () => {
    const options = { name: 'list', scope: 'team', schema: z.strictObject({ items: z.array(z.int()) }), initial: { items: [-1] } } as const;
    const positive = z.int().positive();
    expect(() => defineState({ ...options, initial: { items: [-1] }, each: { items: positive } })).toThrow(/items\.0/);
    const paths = { 'items..x': positive } as Record<string, typeof positive>;
    expect(() => defineState({ ...options, initial: { items: [] }, each: paths })).toThrow(/items\.\.x/);
  });

  it('may hold secrets', async () => {
    const Key = z.strictObject({ name: z.string(), key: z.instanceof(Secret) });
    const Keys = defineState({
      name: 'keys',
      scope: 'team',
      schema: z.strictObject({ list: z.array(z.custom<z.infer<typeof Key>>()) }),
      initial: { list: [] },
      secrets: ['list.*.key'],
      each: { list: Key },
    });
    await using state = await openManager({ keys: testKeys() });
    const keys = await state.team('bar').get(Keys);
    await keys.update((draft) => void draft.list.push({ name: 'a', key: Secret.of('text') }));
    await keys.update((draft) => void (draft.list[0]!.name = 'b'));
    expect(keys.current.list[0]?.key.reveal()).toBe('text');
    const odd = { name: 1, key: Secret.of('text') } as unknown as z.infer<typeof Key>;
    await expect(keys.update((draft) => void draft.list.push(odd))).rejects.toMatchObject({
      data: { issues: [{ path: ['list', 1, 'name'] }] },
    });
  });
});
