import { z } from 'zod';
import { defineInvariant, defineState, StateManager, type OpenOptions, type StateDefinition } from 'holdfast';
import { testStore } from './test-store.ts';

export { Counter } from './counter.ts';

/** The states that the engine's tests use: a bar tab, a till beside it, and a counter. */

const TabSchema = z.strictObject({
  items: z.array(z.strictObject({ name: z.string(), price: z.int().positive() })),
  total: z.int(),
  note: z.string().optional(),
});
export type TabValue = z.infer<typeof TabSchema>;

export const Tab: StateDefinition<TabValue, 'conversation', 'tab'> = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: TabSchema,
  initial: { items: [], total: 0 },
  invariants: { 'total is the sum': ({ items, total }) => total === items.reduce((sum, { price }) => sum + price, 0) },
});

const WalletSchema = z.strictObject({ balance: z.int() });
export const Wallet: StateDefinition<z.infer<typeof WalletSchema>, 'conversation', 'wallet'> = defineState({
  name: 'wallet',
  scope: 'conversation',
  schema: WalletSchema,
  initial: { balance: 100 },
});

const TillSchema = z.strictObject({ taken: z.int() });
export const Till: StateDefinition<z.infer<typeof TillSchema>, 'team', 'till'> = defineState({
  name: 'till',
  scope: 'team',
  schema: TillSchema,
  initial: { taken: 0 },
});

export const withinBudget: ReturnType<typeof defineInvariant> = defineInvariant(
  'within budget',
  [Tab, Wallet],
  ([tab, wallet]) => tab.total <= wallet.balance,
);

/** A manager on a store in memory, closed by `await using`. */
export function openManager(options: Partial<OpenOptions> = {}): Promise<StateManager> {
  return StateManager.open({ store: testStore(), ...options });
}

/** Orders something: the total follows. */
export function order(tab: { items: { name: string; price: number }[]; total: number }, name: string, price: number): void {
  tab.items.push({ name, price });
  tab.total += price;
}
