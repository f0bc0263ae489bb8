// A card is charged, but the reply is lost. Holdfast does not charge again: it asks the provider what became of it, and settles that.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineEffect, defineState, EffectFailure, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

/** The payment provider. It declines Ben's card; it charges the others, but hangs up before it has answered. */
const charges: string[] = [];
await using provider = createServer((request, response) => {
  const key = request.url?.slice(1) ?? '';
  if (request.method === 'GET') {
    response.writeHead(charges.includes(key) ? 200 : 404).end(JSON.stringify({ receipt: `r-${key}` }));
  } else if (key === 'tab-of-ben') {
    response.writeHead(402).end();
  } else {
    charges.push(key);
    request.socket.destroy();
  }
}).listen();
await once(provider, 'listening');
const url = `http://localhost:${(provider.address() as AddressInfo).port}`;

const Payment = defineState({
  name: 'payment',
  scope: 'conversation',
  schema: z.strictObject({ status: z.enum(['open', 'paying', 'unclear', 'paid', 'refused']), receipt: z.string().nullable() }),
  initial: { status: 'open', receipt: null },
});
const Receipt = z.strictObject({ receipt: z.string() });
const Charge = defineEffect({
  name: 'charge',
  input: z.strictObject({ amount: z.int().positive() }),
  output: Receipt,
  states: [Payment],
  retry: { firstMs: 10 },
  run: async (input, { key, signal }) => {
    const response = await fetch(`${url}/${key}`, { method: 'POST', body: JSON.stringify(input), signal });
    if (response.status === 402) throw new EffectFailure('card declined'); // It certainly did not happen.
    return Receipt.parse(await response.json());
  },
  reconcile: async (_input, { key, signal }) => {
    const response = await fetch(`${url}/${key}`, { signal });
    return response.ok ? { status: 'done', output: Receipt.parse(await response.json()) } : { status: 'absent' };
  },
  settle: ([payment], outcome) => {
    payment.status = outcome.status === 'done' ? 'paid' : outcome.status === 'failed' ? 'refused' : 'unclear';
    payment.receipt = outcome.status === 'done' ? outcome.output.receipt : null;
  },
});

await using state = await StateManager.open({ store: memory(), effects: [Charge], effectScanEveryMs: 50 });

/** The intent is part of the commit: there is no charge without it, and none is forgotten. */
async function pay(guest: string) {
  const payment = await state.conversation(guest).get(Payment);
  await payment.update((draft, tx) => {
    draft.status = 'paying';
    tx.effect(Charge, { key: `tab-of-${guest}`, input: { amount: 1300 } });
  });
  return { payment, charge: state.conversation(guest).effect(Charge, `tab-of-${guest}`) };
}

const anna = await pay('anna');
assert.equal((await anna.charge.outcome({ unknown: true })).status, 'unknown');
assert.deepEqual(anna.payment.current, { status: 'unclear', receipt: null });
console.log('the reply was lost: unclear');

assert.deepEqual(await anna.charge.outcome(), { status: 'done', output: { receipt: 'r-tab-of-anna' } });
assert.deepEqual(anna.payment.current, { status: 'paid', receipt: 'r-tab-of-anna' });
assert.deepEqual(charges, ['tab-of-anna']);
console.log('asked the provider: paid, charged once');

const ben = await pay('ben');
assert.deepEqual(await ben.charge.outcome(), { status: 'failed', error: 'card declined' });
assert.deepEqual(ben.payment.current, { status: 'refused', receipt: null });
console.log('a declined card: refused');
