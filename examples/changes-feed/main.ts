// Another process gets every commit in order; started again, it goes on behind the last one that it saw and misses nothing.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Order = defineState({
  name: 'order',
  scope: 'conversation',
  schema: z.strictObject({ drinks: z.array(z.string()) }),
  initial: { drinks: [] },
});

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'bar.db');
await using state = await StateManager.open({ store: sqlite(path) });

const order = async (guest: string, drink: string) =>
  (await state.conversation(guest).get(Order)).update((draft) => void draft.drinks.push(drink), { actor: 'maya' });

/** Starts the kitchen, gives it `count` orders to see, and ends it. */
async function kitchen(since: number, count: number, meanwhile?: () => Promise<unknown>) {
  const child = fork(join(import.meta.dirname, 'kitchen.ts'), [path, String(since)]);
  const seen: { seq: number; text: string }[] = [];
  for await (const [message] of on(child, 'message')) {
    seen.push(message as { seq: number; text: string });
    console.log(`kitchen: ${seen.at(-1)?.text}`);
    if (seen.length === 1) await meanwhile?.();
    if (seen.length === count) break;
  }
  child.disconnect();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  return seen;
}

// Two orders are there before the kitchen starts, a third is made while it follows.
await order('anna', 'Martini');
await order('ben', 'Beer');
const first = await kitchen(0, 3, () => order('anna', 'Gin'));
assert.deepEqual(
  first.map(({ text }) => text),
  ['anna, version 1, by maya', 'ben, version 1, by maya', 'anna, version 2, by maya'],
);

console.log('the kitchen is closed');
await order('ben', 'Water');

const second = await kitchen(first.at(-1)?.seq ?? 0, 1);
assert.deepEqual(
  second.map(({ text }) => text),
  ['ben, version 2, by maya'],
);
