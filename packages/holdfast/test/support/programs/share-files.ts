/**
 * Shares the directory at argv[2] and obeys its standard input, answering each line: `add` adds 1 to the limit argv[3] of the settings, `flush` renders, `race` commits and renders
 * 100 times.
 */
import { createInterface } from 'node:readline';
import { StateManager } from 'holdfast';
import { files } from 'holdfast/files';
import { Settings } from '../settings.ts';

const [, , directory = '', key = ''] = process.argv;
const reported: string[] = [];
const store = files(directory, {
  renderAfterMs: 60_000,
  renderAtMostAfterMs: 60_000,
  editSettlesMs: 20,
  onReport: ({ kind, message }) => reported.push(`${kind}: ${message}`),
});
const state = await StateManager.open({ store, retryForMs: 60_000 });
const settings = await state.global().get(Settings);
const add = (): Promise<unknown> => settings.update((draft) => void (draft.limits[key] = (draft.limits[key] ?? 0) + 1));
const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  add,
  flush: () => state.flush(),
  race: async () => {
    for (let times = 0; times < 100; times += 1) {
      await add();
      await state.flush();
    }
  },
};
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  await tasks[line]?.();
  process.stdout.write(`${line} ${reported.splice(0).join('; ')}\n`);
}
await state.close();
