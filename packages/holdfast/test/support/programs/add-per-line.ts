/** Adds 1 to the counter of the store at argv[2] for each line of standard input, with the store open and quiet in between. */
import { createInterface } from 'node:readline';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter } from '../counter.ts';

const [, , path = ''] = process.argv;
const state = await StateManager.open({ store: sqlite(path) });
const counter = await state.global().get(Counter);
for await (const _line of createInterface({ input: process.stdin })) await counter.update((draft) => void (draft.count += 1));
await state.close();
