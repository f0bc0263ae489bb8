/** Counts to 3 in the files of argv[2], which are rendered only when it closes, and waits for a signal; with argv[3] `hang`, closing never ends. */
import { closeOnSignals, StateManager } from 'holdfast';
import { files } from 'holdfast/files';
import { Counter } from '../counter.ts';

const [, , directory = '', how = ''] = process.argv;
const state = await StateManager.open({ store: files(directory, { renderAfterMs: 600_000, renderAtMostAfterMs: 600_000 }) });
closeOnSignals(how === 'hang' ? { close: () => new Promise(() => process.stdout.write('closing\n')) } : state);
const counter = await state.global().get(Counter);
for (let count = 0; count < 3; count += 1) await counter.update((draft) => void (draft.count += 1));
process.stdout.write('counted\n');
setInterval(() => undefined, 1_000);
