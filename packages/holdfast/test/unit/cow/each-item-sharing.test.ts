import { describe, expect, it } from 'vitest';
import { openManager } from '../../support/bar.ts';
import { countingLines, hundred, line } from '../../support/order-lines.ts';

describe('each item of a long list', () => {
  it('is checked when it is new or changed, and not when it only moved', async () => {
    const { definition, checked } = countingLines();
    await using state = await openManager();
    const orders = await state.conversation('anna').get(definition);
    await orders.update((draft) => void (draft.items = hundred()));
    expect(checked()).toBe(100);
    await orders.update((draft) => void draft.items.push(line('new')));
    await orders.update((draft) => void draft.items.unshift(line('first')));
    await orders.update((draft) => void (draft.items[50]!.price = 6));
    expect(checked()).toBe(3);
    await orders.update((draft) => void draft.items.splice(10, 20));
    await orders.update((draft) => void (draft.items = draft.items.toSorted((a, b) => (a.name < b.name ? 1 : -1))));
    await orders.update((draft) => void draft.items.push(...draft.items.splice(0, 3)));
    expect(checked()).toBe(0);
  });

  it('is found under every key of a path, and in what was replaced as a whole', async () => {
    const { definition, checked } = countingLines();
    await using state = await openManager();
    const orders = await state.conversation('anna').get(definition);
    await orders.set({ items: [], orders: { a: { lines: hundred() }, b: { lines: hundred() } } });
    expect(checked()).toBe(200);
    await orders.update((draft) => void draft.orders['b']?.lines.push(line('new')));
    expect(checked()).toBe(1);
    await orders.update((draft) => void (draft.orders['c'] = { lines: [line('a'), line('b')] }));
    expect(checked()).toBe(2);
  });
});
