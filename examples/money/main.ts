// A tab with a tip, split between three guests: integer cents throughout, and no cent appears or vanishes.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { add, allocate, formatMoney, money, multiply, parseMoney, percentOf, sum, type Money } from 'holdfast/money';
import { z } from 'zod';

const MoneySchema = z.strictObject({ amount: z.int(), currency: z.string() });
const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ items: z.array(z.strictObject({ name: z.string(), price: MoneySchema })), total: MoneySchema }),
  initial: { items: [], total: money(0, 'USD') },
  invariants: {
    'total is the sum': ({ items, total }) => total.amount === items.reduce((cents, { price }) => cents + price.amount, 0),
  },
});

await using state = await StateManager.open({ store: memory() });
const tab = await state.conversation('table-1').get(Tab);

const order = (name: string, price: Money) =>
  tab.update((draft) => {
    draft.items.push({ name, price });
    draft.total = add(draft.total, price);
  });
await order('3 Martinis', multiply(money(1_350, 'USD'), 3));
await order('Olives', parseMoney('5.25', 'USD'));

const { total } = tab.current;
assert.deepEqual(total, money(4_575, 'USD'));
const tip = percentOf(total, 18); // 8.235, rounded half up
assert.deepEqual(tip, money(824, 'USD'));
const due = add(total, tip);
console.log(`${formatMoney(total)} + ${formatMoney(tip)} tip = ${formatMoney(due)}`);

const shares = allocate(due, [1, 1, 1]);
assert.deepEqual(
  shares.map((share) => formatMoney(share)),
  ['$18.00', '$18.00', '$17.99'], // Nobody can pay $17.99666.
);
assert.deepEqual(sum(shares, 'USD'), due);
console.log(`each of three: ${shares.map((share) => formatMoney(share)).join(', ')}`);

// Currencies do not mix, and fractions of a cent are not accepted.
assert.throws(() => add(total, money(100, 'EUR')), { code: 'VALIDATION_FAILED' });
assert.throws(() => parseMoney('0.125', 'USD'), { code: 'VALIDATION_FAILED' });
assert.equal(formatMoney(parseMoney('1250', 'JPY')), '¥1,250');
console.log('USD + EUR: refused');
