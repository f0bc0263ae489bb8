/** Waits for an effect that is only known after it was asked about, with nothing else to keep the process alive. */
import { defineEffect, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';
import { Counter } from '../counter.ts';

const Ring = defineEffect({
  name: 'ring',
  input: z.strictObject({}),
  output: z.string(),
  states: [Counter],
  retry: { firstMs: 1, maxMs: 1 },
  run: () => Promise.reject(new Error('no answer')),
  reconcile: async () => ({ status: 'done', output: 'rung' }),
});
const state = await StateManager.open({ store: memory(), effects: [Ring], effectScanEveryMs: 20 });
const counter = await state.global().get(Counter);
await counter.update((draft, tx) => {
  draft.count += 1;
  tx.effect(Ring, { key: 'r1', input: {} });
});
const feed = state.changes();
await state.global().effect(Ring, 'r1').outcome();
process.stdout.write('settled\n');
await feed.next();
process.stdout.write('followed\n');
await state.close();
