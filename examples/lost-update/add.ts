// Adds 1 to the counter of the database at argv[2], argv[3] times, after telling its parent that it begins.
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter } from './counter.ts';

const [, , path = '', times = '1'] = process.argv;
await using state = await StateManager.open({ store: sqlite(path) });
const counter = await state.global().get(Counter);
process.send?.('begin');
for (let left = Number(times); left > 0; left--) await counter.update((draft) => void (draft.count += 1));
