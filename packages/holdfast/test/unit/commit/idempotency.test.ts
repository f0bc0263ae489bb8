import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { Counter, openManager, order, Tab, Wallet } from '../../support/bar.ts';

describe('an idempotency key', () => {
  it('makes the repeat get the first result, although the recipe would answer differently now', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const add = () =>
      counter.update(
        (draft) => {
          draft.count += 1;
          return { count: draft.count };
        },
        { idempotency: { key: 'click', input: { by: 1 } } },
      );
    const first = await add();
    await counter.update((draft) => void (draft.count += 10));
    const repeat = await add();
    expect(first).toMatchObject({ value: { count: 1 }, replayed: false });
    expect(repeat).toMatchObject({ value: { count: 1 }, versions: first.versions, replayed: true, seq: first.seq });
    expect(counter.current.count).toBe(11);
  });

  it('answers the repeat even when the recipe would throw by now', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    const spend = () =>
      wallet.update(
        (draft) => {
          if (draft.balance < 60) throw new Error('not enough');
          draft.balance -= 60;
          return draft.balance;
        },
        { idempotency: { key: 'order-1' } },
      );
    const results = await Promise.all([spend(), spend(), spend()]);
    expect(results.map(({ value, replayed }) => [value, replayed])).toEqual([
      [40, false],
      [40, true],
      [40, true],
    ]);
    expect(wallet.current.balance).toBe(40);
  });

  it('refuses another input under the same key', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const add = (by: number) =>
      counter.update((draft) => void (draft.count += by), { idempotency: { key: 'click', input: { by, at: 'bar' } } });
    await add(1);
    await expect(add(2)).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', data: { key: 'click', entity: 'global' } });
    expect(counter.current.count).toBe(1);
  });

  it('takes inputs that differ only in the order of their keys for the same', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    await counter.update((draft) => void (draft.count += 1), { idempotency: { key: 'k', input: { a: 1, b: { c: 2, d: 3 } } } });
    const repeat = await counter.update((draft) => void (draft.count += 1), {
      idempotency: { key: 'k', input: { b: { d: 3, c: 2 }, a: 1 } },
    });
    expect(repeat.replayed).toBe(true);
  });

  it('belongs to one entity: the same key elsewhere is another one', async () => {
    await using state = await openManager();
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => state.conversation(id).get(Tab)));
    const options = { idempotency: { key: 'order-1' } };
    await anna?.update((draft) => order(draft, 'Beer', 5), options);
    const other = await ben?.update((draft) => order(draft, 'Beer', 5), options);
    expect(other?.replayed).toBe(false);
  });

  it('remembers a recipe that changed nothing', async () => {
    await using state = await openManager();
    const wallet = await state.conversation('anna').get(Wallet);
    const take = () =>
      wallet.update(
        (draft) => {
          if (draft.balance < 500) return 'refused';
          draft.balance -= 500;
          return 'taken';
        },
        { idempotency: { key: 'big' } },
      );
    await take();
    await wallet.set({ balance: 1_000 });
    expect(await take()).toMatchObject({ value: 'refused', replayed: true });
    expect(wallet.current.balance).toBe(1_000);
  });

  it('is forgotten after its time', async () => {
    let now = 1_000_000;
    const clock = () => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const counter = await state.global().get(Counter);
    const add = () => counter.update((draft) => void (draft.count += 1), { idempotency: { key: 'k', keepMs: 1_000 } });
    await add();
    now += 1_001;
    expect((await add()).replayed).toBe(false);
    expect(counter.current.count).toBe(2);
  });

  it('refuses a result that is not JSON, and writes nothing', async () => {
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const add = counter.update(
      (draft) => {
        draft.count += 1;
        return new Map();
      },
      { idempotency: { key: 'k' } },
    );
    await expect(add).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(counter.current.count).toBe(0);
  });
});
