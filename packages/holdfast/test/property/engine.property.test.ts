import { fc, test } from '@fast-check/vitest';
import { StateManager, type StateHandle } from 'holdfast';
import { expect } from 'vitest';
import { order, Tab, Till, Wallet, type TabValue } from '../support/bar.ts';
import { testStore } from '../support/test-store.ts';

/*
 * Properties:
 * 1. Whatever is done in whatever order, the engine's states equal those of a plain model that does the same.
 * 2. Every version that was ever current is still given by `at`, and the versions have no gaps.
 * 3. The same holds after the store was closed and opened again at any point.
 */

type Command =
  | { readonly kind: 'order'; readonly id: string; readonly price: number }
  | { readonly kind: 'refused order'; readonly id: string }
  | { readonly kind: 'pay'; readonly id: string; readonly amount: number }
  | { readonly kind: 'note'; readonly id: string; readonly note: string }
  | { readonly kind: 'checkpoint'; readonly id: string }
  | { readonly kind: 'restore'; readonly id: string }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'reopen' };

const id = fc.constantFrom('anna', 'ben');
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('order' as const), id, price: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refused order' as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pay' as const), id, amount: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('note' as const), id, note: fc.string({ unit: 'grapheme', maxLength: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
);

interface ModelEntity {
  tab: TabValue;
  readonly versions: TabValue[];
  checkpoint: TabValue | undefined;
}

test.prop([fc.array(command, { minLength: 5, maxLength: 60, size: 'max' })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 60) })(
  'the engine equals a plain model of it',
  async (commands) => {
    const store = testStore();
    let state = await StateManager.open({ store });
    const model = new Map<string, ModelEntity>();
    let taken = 0;

    const tabOf = (name: string): Promise<StateHandle<TabValue>> => state.conversation(name).get(Tab);
    const entity = (name: string): ModelEntity => {
      const known = model.get(name) ?? { tab: { items: [], total: 0 }, versions: [], checkpoint: undefined };
      model.set(name, known);
      return known;
    };
    const advance = (name: string, tab: TabValue): void => {
      const known = entity(name);
      known.tab = tab;
      known.versions.push(tab);
    };

    try {
      for (const each of commands) {
        if (each.kind === 'reopen') {
          await state.close();
          state = await StateManager.open({ store });
          continue;
        }
        const conversation = state.conversation(each.id);
        const known = model.get(each.id);
        switch (each.kind) {
          case 'order':
            await (await tabOf(each.id)).update((draft) => order(draft, 'Drink', each.price));
            advance(each.id, {
              ...entity(each.id).tab,
              items: [...entity(each.id).tab.items, { name: 'Drink', price: each.price }],
              total: entity(each.id).tab.total + each.price,
            });
            break;
          case 'refused order':
            await expect(
              (await tabOf(each.id)).update((draft) => void draft.items.push({ name: 'Drink', price: 3 })),
            ).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
            break;
          case 'note':
            await (await tabOf(each.id)).update((draft) => void (draft.note = each.note));
            if (entity(each.id).tab.note !== each.note) advance(each.id, { ...entity(each.id).tab, note: each.note });
            break;
          case 'pay': {
            const [wallet, till] = [await conversation.get(Wallet), await state.team('bar').get(Till)];
            await state.transaction([wallet, till], ([from, to]) => {
              from.balance -= each.amount;
              to.taken += each.amount;
            });
            entity(each.id);
            taken += each.amount;
            break;
          }
          case 'checkpoint':
            if (known && !known.checkpoint) {
              await conversation.checkpoint('c');
              known.checkpoint = known.tab;
            }
            break;
          case 'restore':
            if (known?.checkpoint) {
              const differs = JSON.stringify(known.checkpoint) !== JSON.stringify(known.tab);
              const { version } = await tabOf(each.id);
              await conversation.restore('c', { bound: 'keep' });
              const now = (await tabOf(each.id)).version;
              if (differs) expect(now).toBe(version + 1);
              if (now > version) advance(each.id, known.checkpoint);
            }
            break;
          case 'delete':
            if (known) {
              await conversation.delete();
              model.delete(each.id);
            }
            break;
        }
      }
      for (const [name, { tab, versions }] of model) {
        const handle = await tabOf(name);
        expect(handle.current).toEqual(tab);
        expect(handle.version).toBe(versions.length);
        for (const [index, expected] of versions.entries()) expect(await handle.at(index + 1)).toEqual(expected);
      }
      expect((await (await state.team('bar').get(Till)).refresh()).taken).toBe(taken);
    } finally {
      await state.close();
    }
  },
);
