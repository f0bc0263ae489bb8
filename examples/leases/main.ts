// Turns of an agent that must follow one another take a lease. One that was too slow cannot write over its successor.
import assert from 'node:assert/strict';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Transcript = defineState({
  name: 'transcript',
  scope: 'conversation',
  schema: z.strictObject({ lines: z.array(z.string()) }),
  initial: { lines: [] },
});

let skippedMs = 0;
const clock = () => Date.now() + skippedMs;
await using state = await StateManager.open({ store: memory({ clock }), clock });
const anna = state.conversation('anna');
const transcript = await anna.get(Transcript);

async function turn(question: string, answer: string): Promise<void> {
  await using lease = await anna.lease('turn', { holder: `turn on "${question}"`, waitMs: 5_000 });
  await transcript.update((draft) => void draft.lines.push(question), { lease });
  await transcript.update((draft) => void draft.lines.push(answer), { lease });
}

await Promise.all([turn('A beer?', 'With pleasure.'), turn('And a gin?', 'There you go.')]);
assert.deepEqual(transcript.current.lines, ['A beer?', 'With pleasure.', 'And a gin?', 'There you go.']);
console.log(transcript.current.lines.join(' '));

// A holder that hangs: others who ask are told who it is, until its lease has run out.
const slow = await anna.lease('turn', { holder: 'slow', ttlMs: 30_000 });
await assert.rejects(
  anna.lease('turn', { holder: 'impatient' }),
  (error) => isHoldfastError(error, 'LEASE_HELD') && error.data.holder === 'slow',
);
console.log('held by slow');
skippedMs += 30_000;
const next = await anna.lease('turn', { holder: 'next' });
assert(next.token > slow.token);

// The slow one wakes up and goes on, not knowing that its time was over.
await assert.rejects(
  transcript.update((draft) => void draft.lines.push('(too late)'), { lease: slow }),
  { code: 'STALE_LEASE', data: { entity: 'conversation:anna', lease: 'turn' } },
);
await transcript.update((draft) => void draft.lines.push('Cheers.'), { lease: next });
assert.equal(transcript.current.lines.at(-1), 'Cheers.');
assert.equal(transcript.current.lines.length, 5);
console.log('the stale holder was refused; the next one wrote');
