// A conversation whose agent can go back, alone or together with the team's stock; that names moments by itself; and that is forked to try two plans.
import assert from 'node:assert/strict';
import { defineState, renderTimeline, renderTree, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Plan = defineState({
  name: 'plan',
  scope: 'conversation',
  schema: z.strictObject({ drinks: z.array(z.string()) }),
  initial: { drinks: [] },
});
const Stock = defineState({
  name: 'stock',
  scope: 'team',
  schema: z.strictObject({ limes: z.int().nonnegative() }),
  initial: { limes: 12 },
});

let now = Date.UTC(2026, 4, 1, 9);
const clock = (): number => (now += 60_000);
await using state = await StateManager.open({ store: memory({ clock }), clock });

// After three tool calls a checkpoint is put by itself; the newest two of these stay.
const anna = state.conversation('anna', { checkpoints: { everyToolCalls: 3, keep: 2 } });
const bar = state.team('bar');
const [plan, stock] = [await anna.get(Plan), await bar.get(Stock)];
await stock.set({ limes: 12 });
for (const [index, drink] of ['Martini', 'Negroni', 'Mojito'].entries())
  await plan.update((draft) => void draft.drinks.push(drink), { actor: 'maya', toolCall: `call-${index + 1}` });
await state.flush();
assert.deepEqual(
  (await anna.checkpoints()).map(({ name }) => name),
  ['auto-1'],
);

// One checkpoint over the conversation and the bar: what they do with one another can be undone as a whole.
const before = await state.checkpoint('before the party', [anna, bar], { tags: ['human'], description: 'Anna agreed to this' });
await state.transaction([plan, stock], ([drinks, limes]) => {
  drinks.drinks.push('Caipirinha');
  limes.limes -= 8;
});
await assert.rejects(anna.restore(before.name), { code: 'RESTORE_REFUSED' });
await state.restore(before, { actor: 'anna' });
assert.deepEqual([plan.current.drinks.length, stock.current.limes], [3, 12]);
assert.deepEqual(
  (await anna.checkpoints({ tag: 'human' })).map(({ name }) => name),
  ['before the party'],
);

const timeline = renderTimeline(await Array.fromAsync(anna.timeline()));
console.log(timeline);
const what = timeline.split('\n').map((line) => line.split(/ {2,}/)[2]);
assert.deepEqual(what, ['plan 1', 'plan 2', 'plan 3', '◆ auto-1', '◆ before the party', 'plan 4', 'plan 5']);

// Two plans are tried side by side; one of them is forked again.
const cheap = await anna.fork({ id: 'cheap', checkpoint: 'auto-1' });
const grand = await anna.fork({ id: 'grand' });
await (await cheap.get(Plan)).update((draft) => void draft.drinks.pop());
const cheaper = await cheap.fork({ id: 'cheaper' });

const tree = renderTree(await cheaper.tree());
console.log(`\n${tree}`);
assert.equal(
  tree.replaceAll(/ +\d{4}-.*Z$/gm, ''),
  `\
conversation:anna           plan 5
├─ conversation:cheap       plan 5  from plan 3 ◆ auto-1
│  └─ conversation:cheaper  plan 6  from plan 5
└─ conversation:grand       plan 6  from plan 5`,
);
assert.deepEqual(await state.commonAncestor(cheaper, grand), {
  entity: { scope: 'conversation', id: 'anna' },
  versions: { plan: 3 },
  isGone: false,
});
