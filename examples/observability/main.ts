// An operator watches a bar at work: which commits were slow or failed, what became of a payment, and where it shows in the trace of a turn.
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { defineEffect, defineState, StateManager, type DiagnosticMessages } from 'holdfast';
import { memory } from 'holdfast/memory';
import { observe } from 'holdfast/opentelemetry';
import { z } from 'zod';

const Tab = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ total: z.int().nonnegative(), note: z.string(), paid: z.boolean() }),
  initial: { total: 0, note: '', paid: false },
});
const Charge = defineEffect({
  name: 'charge',
  input: z.strictObject({ amount: z.int() }),
  output: z.strictObject({ receipt: z.string() }),
  states: [Tab],
  run: async (_input, { key }) => ({ receipt: `r-${key}` }),
  settle: ([tab], outcome) => void (tab.paid = outcome.status === 'done'),
});

// 1. Channels: one message for each commit, whether it went well or not, and one for each step of an effect.
const seen: string[] = [];
subscribe('holdfast:commit', (message) => {
  const { outcome, code, actor, states, storeMs } = message as DiagnosticMessages['holdfast:commit'];
  assert.ok(storeMs >= 0);
  if (actor === 'waiter') seen.push(`${outcome} ${code ?? states.map(({ state, version }) => `${state}@${version}`).join()}`);
});
subscribe('holdfast:effect', (message) => {
  const { effect, step } = message as DiagnosticMessages['holdfast:effect'];
  seen.push(`${effect} ${step}`);
});

// 2. OpenTelemetry: `tracer` would be `trace.getTracer('holdfast')`, `trace` the one of @opentelemetry/api; here they only keep what they get.
const spans: { readonly name: string; readonly attributes: object }[] = [];
const end = observe({
  tracer: {
    startSpan: (name, { attributes }) => {
      spans.push({ name, attributes });
      return { setStatus: () => undefined, end: () => undefined };
    },
  },
  trace: { getActiveSpan: () => ({ spanContext: () => ({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }) }) },
});

await using state = await StateManager.open({ store: memory(), effects: [Charge] });
const anna = state.conversation('anna');
const tab = await anna.get(Tab);
await tab.update((draft) => void (draft.total += 5), { actor: 'waiter' });
await assert.rejects(tab.update((draft) => void (draft.total -= 50), { actor: 'waiter' }));
await tab.update(
  (draft, tx) => {
    draft.note = 'her card ends in 4242';
    tx.effect(Charge, { key: 'p1', input: { amount: draft.total } });
  },
  { actor: 'waiter' },
);
await anna.effect(Charge, 'p1').outcome();
await state.close();
end();

assert.deepEqual(seen, [
  'committed tab@1',
  'failed VALIDATION_FAILED',
  'charge intended',
  'committed tab@2',
  'charge started',
  'charge done',
]);
const charge = spans.find(({ name }) => name === 'holdfast.effect');
assert.partialDeepStrictEqual(charge?.attributes, {
  'holdfast.entity': 'conversation:anna',
  'holdfast.effect': 'charge',
  'holdfast.outcome': 'done',
});
console.log(seen.join('\n'));

// Commits carry the trace that was active, for as long as the log is kept. Messages and spans hold names and sizes, never what is in a state.
assert.partialDeepStrictEqual(spans.find(({ name }) => name === 'holdfast.commit')?.attributes, {
  'holdfast.trace': '4bf92f3577b34da6a3ce929d0e0e4736',
  'holdfast.states': ['conversation:anna/tab@1'],
});
assert.ok(!JSON.stringify(spans).includes('her card'));
console.log(`${spans.length} spans, and nothing of what is on the tab`);
