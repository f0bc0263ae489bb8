/** Adds 1 to the counter of the store at argv[2], argv[3] times, and says each acknowledged count on standard output. */
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter } from '../counter.ts';

const [, , path = '', times = '1', inFlight = '1'] = process.argv;
const state = await StateManager.open({ store: sqlite(path), retryForMs: 60_000 });
const counter = await state.global().get(Counter);
let left = Number(times);
const worker = async (): Promise<void> => {
  while (left-- > 0) {
    const { value } = await counter.update((draft) => (draft.count += 1));
    process.stdout.write(`${value}\n`);
  }
};
await Promise.all(Array.from({ length: Number(inFlight) }, worker));
await state.close();
