// A process is killed after the card was charged and before it knew. The next one finds the payment, asks, and does not charge again.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { chargeAt, Payment } from './payment.ts';

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'bar.db');

/** The payment provider. Its customer dies the moment that it has charged, before it can answer. */
const charges: (string | undefined)[] = [];
await using provider = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(charges.includes(request.url) ? 200 : 404).end();
    return;
  }
  charges.push(request.url);
  child.kill('SIGKILL');
}).listen();
await once(provider, 'listening');
const url = `http://localhost:${(provider.address() as AddressInfo).port}`;

const child = fork(join(import.meta.dirname, 'pay.ts'), [path, url]);
assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
console.log('the process that paid was killed');

// Half a minute later the dead process's lease on the effect has run out; the clock is handed in so that nobody has to wait.
const clock = () => Date.now() + 31_000;
const Charge = chargeAt(url);
await using state = await StateManager.open({ store: sqlite(path, { clock }), clock, effects: [Charge] });
const anna = state.conversation('anna');
const payment = await anna.get(Payment);
assert.deepEqual(await payment.at(1), { status: 'paying' }); // The last that the dead process has written.

// The effect is found and taken over without being asked for.
assert.deepEqual(await anna.effect(Charge, 'tab-1').outcome(), { status: 'done', output: null });
assert.deepEqual(payment.current, { status: 'paid' });
assert.deepEqual(charges, ['/tab-1']);
console.log('asked the provider: paid, charged once');
