// A setting is read upwards: the conversation's own, else that of its workflow, its team, and of all.
import assert from 'node:assert/strict';
import { defineState, StateManager, type Scope } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const schema = z.strictObject({ sound: z.boolean().nullable().optional(), theme: z.string().optional() });
const prefsOf = <S extends Scope>(scope: S) => defineState({ name: 'prefs', scope, schema, initial: {} });

await using state = await StateManager.open({ store: memory() });
const team = state.team('bar');
const round = state.workflow('round-7', { parent: team });
const anna = state.conversation('anna', { parent: round });

await (await state.global().get(prefsOf('global'))).set({ sound: true, theme: 'light' });
await (await team.get(prefsOf('team'))).set({ theme: 'dark' });
const own = await anna.get(prefsOf('conversation'));
await own.set({});

// The team has a theme; nobody but the whole bar says something of sound.
assert.equal(await anna.resolve('prefs', ['theme']), 'dark');
assert.equal(await anna.resolve('prefs', ['sound']), true);

// Null is an answer: Anna wants to be asked.
await own.update((draft) => void (draft.sound = null));
assert.equal(await anna.resolve('prefs', ['sound']), null);

const { answeredBy, asked } = await anna.explain('prefs', ['theme']);
assert.deepEqual(answeredBy, { scope: 'team', id: 'bar' });
for (const { entity, said } of asked) console.log(`${entity.scope}:${entity.id} ${said}`);
assert.deepEqual(
  asked.map(({ said }) => said),
  ['absent', 'unwritten', 'answered'],
);

// The team closes: it ends with everything that belongs to it.
assert.deepEqual(await round.children(), [{ scope: 'conversation', id: 'anna' }]);
assert.equal((await anna.parent())?.id, 'round-7');
await team.end();
assert.deepEqual([await team.exists(), await anna.exists(), await state.global().exists()], [false, false, true]);
console.log('the team has ended with its conversations');
