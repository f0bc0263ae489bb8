// A fork goes on by itself, with effects only simulated; merging brings what changed back, and reports what both sides changed.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Plan = defineState({
  name: 'plan',
  scope: 'conversation',
  schema: z.strictObject({ title: z.string(), steps: z.array(z.string()), budget: z.int() }),
  initial: { title: '', steps: [], budget: 0 },
});

await using state = await StateManager.open({ store: memory() });
const trip = state.conversation('trip');
const plan = await trip.get(Plan);
await plan.set({ title: 'Weekend', steps: ['pack'], budget: 100 });

const whatIf = await trip.fork();
const other = await whatIf.get(Plan);
await other.update((draft) => {
  draft.steps.push('rent a boat');
  draft.budget = 300;
});
await plan.update((draft) => void (draft.title = 'Weekend by the lake'));
console.log('the original:', plan.current, 'the fork:', other.current);
assert.deepEqual(plan.current, { title: 'Weekend by the lake', steps: ['pack'], budget: 100 });

const { conflicts } = await trip.merge(whatIf);
console.log('merged:', plan.current);
assert.deepEqual(conflicts, []);
assert.deepEqual(plan.current, { title: 'Weekend by the lake', steps: ['pack', 'rent a boat'], budget: 300 });

// Both change the same place from here on: nothing is written before somebody decides.
await other.update((draft) => void (draft.budget = 500));
await plan.update((draft) => void (draft.budget = 250));
const refused = await trip.merge(whatIf);
console.log('in conflict:', refused.conflicts);
assert.equal(refused.seq, 0);
assert.deepEqual(
  refused.conflicts.map(({ path, ours, theirs }) => ({ path, ours, theirs })),
  [{ path: ['budget'], ours: 250, theirs: 500 }],
);
await trip.merge(whatIf, { resolve: ({ ours, theirs }) => Math.min(Number(ours), Number(theirs)) });
assert.equal(plan.current.budget, 250);
