// Conversations end half an hour after their last use; a sweep deletes them. Time is handed in, so that this takes no time.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Session = defineState({
  name: 'session',
  scope: 'conversation',
  schema: z.strictObject({ turns: z.int() }),
  initial: { turns: 0 },
});

const MINUTE = 60_000;
let now = Date.now();
const clock = () => now;
await using state = await StateManager.open({ store: memory({ clock }), clock });

const session = (id: string) => state.conversation(id, { expiresAfterMs: 30 * MINUTE }).get(Session);
const anna = await session('anna');
const ben = await session('ben');
await anna.update((draft) => void (draft.turns += 1));
await ben.update((draft) => void (draft.turns += 1));
assert.equal(await state.conversation('ben').expiresAt(), now + 30 * MINUTE);

now += 20 * MINUTE;
await anna.update((draft) => void (draft.turns += 1)); // Puts her expiry off.
assert.deepEqual(await state.sweep(), []);
console.log('after 20 minutes: nobody has expired, Anna says something');

now += 20 * MINUTE;
assert.deepEqual(await state.sweep(), [{ scope: 'conversation', id: 'ben' }]);
console.log('after 40 minutes: Ben was swept');

// What is gone is gone: a handle of it never answers with a fresh default.
assert.throws(() => ben.current, { code: 'NOT_FOUND' });
await assert.rejects(
  ben.update((draft) => void (draft.turns += 1)),
  { code: 'NOT_FOUND' },
);
assert.equal(anna.current.turns, 2);

// Coming back is a new conversation.
const again = await session('ben');
assert.deepEqual([again.version, again.current.turns], [0, 0]);
console.log('Ben comes back: a new session');
