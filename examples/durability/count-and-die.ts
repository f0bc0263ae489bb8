// Counts in both states of the database at argv[2], 50 times each, and is killed at once when the last update is confirmed.
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Glances, Sales } from './states.ts';

const [, , path = ''] = process.argv;
const state = await StateManager.open({ store: sqlite(path) });
const bar = state.team('bar');
for (const definition of [Sales, Glances]) {
  const counter = await bar.get(definition);
  const start = performance.now();
  for (let times = 0; times < 50; times++) await counter.update((draft) => void (draft.count += 1));
  console.log(`${definition.durability}: ${((performance.now() - start) / 50).toFixed(2)} ms a commit`);
}
process.kill(process.pid, 'SIGKILL');
